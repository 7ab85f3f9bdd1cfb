package dev.backout.action.sync.compare;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.compare.Join.Found;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.ColumnType;
import dev.backout.action.sync.schema.Table;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One table on both sides. All rows are read once on each; where a part of the table differs, its
 * rows are read again and joined by their keys, so many parts at a time as fit into a fixed memory.
 */
final class Comparison {
  /** 50 MiB of a join. */
  private static final long ROWS_AT_A_TIME = 500_000;

  private final Pair pair;
  private final Reader source;
  private final Reader target;

  Comparison(Pair pair, Reader source, Reader target) {
    this.pair = pair;
    this.source = source;
    this.target = target;
  }

  /** What is told of each row that isn't the same on both sides. */
  interface Findings {
    void onlyInTarget(Fingerprint print, Row row) throws SQLException, IOException;

    /** A row of the target whose key is in the source with other values; before the source's. */
    void changedInTarget(Fingerprint print, Row row) throws SQLException, IOException;

    void onlyInSource(Fingerprint print, Row row) throws SQLException, IOException;

    void changedInSource(Fingerprint print, Row row) throws SQLException, IOException;
  }

  /**
   * What the first reading tells.
   *
   * @param differing the parts that aren't the same
   */
  record Sums(Partition partition, Parts source, Parts target, BitSet differing) {
    boolean same() {
      return differing.isEmpty();
    }

    private long largest() {
      return differing.stream().mapToLong(source::rows).max().orElse(0);
    }
  }

  Sums run(Findings findings) throws ActionException, IOException {
    Sums sums = sums(partition());
    if (sums.largest() > ROWS_AT_A_TIME) {
      // The keys lie in heaps, so that ranges of them don't part the rows.
      sums = sums(new Partition.ByHash());
    }
    for (BitSet parts : rounds(sums)) {
      join(sums, parts, findings);
    }
    return sums;
  }

  private Sums sums(Partition partition) throws ActionException, IOException {
    Parts ofSource = new Parts(partition);
    Parts ofTarget = new Parts(partition);
    Both.run(
        () -> sum(source, pair.source(), pair.sourceColumns(), ofSource),
        () -> sum(target, pair.target(), pair.targetColumns(), ofTarget));
    return new Sums(partition, ofSource, ofTarget, ofSource.differing(ofTarget));
  }

  private void sum(Reader reader, Table table, List<Column> columns, Parts parts)
      throws ActionException, IOException {
    Fingerprint print = new Fingerprint(pair);
    reader.scan(
        table,
        columns,
        null,
        row -> {
          print.of(row);
          parts.add(print);
        });
  }

  private Partition partition() throws ActionException {
    if (pair.keys() != 1
        || !isWhole(pair.source(), pair.sourceColumns().get(0))
        || !isWhole(pair.target(), pair.targetColumns().get(0))) {
      return new Partition.ByHash();
    }
    Optional<long[]> one = source.bounds(pair.source(), pair.sourceColumns().get(0));
    Optional<long[]> other = target.bounds(pair.target(), pair.targetColumns().get(0));
    if (one.isEmpty() && other.isEmpty()) {
      return new Partition.ByHash();
    }
    long[] bounds = one.or(() -> other).orElseThrow();
    long first = Math.min(bounds[0], other.orElse(bounds)[0]);
    long last = Math.max(bounds[1], other.orElse(bounds)[1]);
    return Partition.ByRange.isFor(first, last)
        ? Partition.ByRange.of(first, last)
        : new Partition.ByHash();
  }

  /** Whether the column has nothing but whole numbers, and an index that finds ranges of them. */
  private static boolean isWhole(Table table, Column column) {
    if (column.type() instanceof ColumnType.Postgres postgres) {
      return postgres.kind().isInteger() && column.notNull();
    }
    return column.type().declared().equalsIgnoreCase("INTEGER")
        && table.primaryKey() != null
        && table.primaryKey().columns().equals(List.of(column.name()));
  }

  private static List<BitSet> rounds(Sums sums) {
    List<BitSet> rounds = new ArrayList<>();
    BitSet round = new BitSet();
    long rows = 0;
    for (int part : sums.differing().stream().toArray()) {
      long more = sums.source().rows(part);
      if (rows + more > ROWS_AT_A_TIME && !round.isEmpty()) {
        rounds.add(round);
        round = new BitSet();
        rows = 0;
      }
      round.set(part);
      rows += more;
    }
    if (!round.isEmpty()) {
      rounds.add(round);
    }
    return rounds;
  }

  private void join(Sums sums, BitSet parts, Findings findings)
      throws ActionException, IOException {
    Join join = new Join();
    each(
        sums,
        parts,
        source,
        (print, row) -> requireOnce(join.put(print.key(), print.row()), source.name()));
    each(
        sums,
        parts,
        target,
        (print, row) -> {
          Found found = join.match(print.key(), print.row());
          requireOnce(found, target.name());
          if (found == Found.NOWHERE) {
            findings.onlyInTarget(print, row);
          } else if (found == Found.OTHERWISE) {
            findings.changedInTarget(print, row);
          }
        });
    each(
        sums,
        parts,
        source,
        (print, row) -> {
          Found found = join.leftover(print.key());
          if (found == Found.NOWHERE) {
            findings.onlyInSource(print, row);
          } else if (found == Found.OTHERWISE) {
            findings.changedInSource(print, row);
          }
        });
  }

  private interface Seen {
    void row(Fingerprint print, Row row) throws SQLException, ActionException, IOException;
  }

  private void each(Sums sums, BitSet parts, Reader reader, Seen seen)
      throws ActionException, IOException {
    boolean first = reader == source;
    Table table = first ? pair.source() : pair.target();
    List<Column> columns = first ? pair.sourceColumns() : pair.targetColumns();
    Reader.@Nullable Span span =
        sums.partition().span(parts, columns.isEmpty() ? "" : columns.get(0).name());
    Fingerprint print = new Fingerprint(pair);
    reader.scan(
        table,
        columns,
        span,
        row -> {
          print.of(row);
          if (parts.get(sums.partition().part(print))) {
            seen.row(print, row);
          }
        });
  }

  private void requireOnce(Found found, String side) throws ActionException {
    if (found == Found.TWICE) {
      throw new ActionException(
          Kind.PERMANENT,
          "The key ("
              + String.join(", ", pair.key())
              + ") doesn't tell the rows of table "
              + pair.name()
              + " apart in the "
              + side
              + ": some have the same. Name columns under `keys` that do.");
    }
  }
}
