package dev.backout.action.sync.compare;

import dev.backout.action.sync.compare.Fingerprint.Print;
import java.util.Arrays;
import java.util.BitSet;

/** How many rows each part of a table has on one side, and the sum of what stands for them. */
final class Parts {
  private final Partition partition;
  private final long[] counts = new long[Partition.PARTS];
  private final Print[] sums = new Print[Partition.PARTS];

  Parts(Partition partition) {
    this.partition = partition;
    Arrays.fill(sums, Print.ZERO);
  }

  void add(Fingerprint row) {
    int part = partition.part(row);
    counts[part]++;
    sums[part] = sums[part].plus(row.row());
  }

  long rows() {
    return Arrays.stream(counts).sum();
  }

  long rows(int part) {
    return counts[part];
  }

  Print sum(int part) {
    return sums[part];
  }

  /** What stands for all rows, in whatever order they are. */
  Print sum() {
    Print all = Print.ZERO;
    for (Print each : sums) {
      all = all.plus(each);
    }
    return all;
  }

  BitSet differing(Parts other) {
    BitSet differing = new BitSet(Partition.PARTS);
    for (int i = 0; i < Partition.PARTS; i++) {
      differing.set(i, counts[i] != other.counts[i] || !sums[i].equals(other.sums[i]));
    }
    return differing;
  }
}
