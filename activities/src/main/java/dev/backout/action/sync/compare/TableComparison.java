package dev.backout.action.sync.compare;

import dev.backout.action.Doc;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What came of comparing one table. */
public record TableComparison(
    @Doc("The table.") String table,
    @Doc("`same`, `different`, `onlyInSource` or `onlyInTarget`.") Verdict verdict,
    @Doc("How many rows the source has; absent without the table.") @Nullable Long sourceRows,
    @Doc("How many rows the target has; absent without the table.") @Nullable Long targetRows,
    @Doc("What stands for the source's rows, in whatever order; absent without the table.")
        @Nullable String sourceHash,
    @Doc("What stands for the target's; equal if the rows are.") @Nullable String targetHash,
    @Doc("How many rows only the source has.") long onlyInSource,
    @Doc("How many rows only the target has.") long onlyInTarget,
    @Doc("How many rows have the same key and other values.") long changed,
    @Doc("By which columns rows were told apart; none if they were compared as a whole.")
        List<String> key,
    @Doc("Columns that the target hasn't; they were not compared.")
        List<String> columnsOnlyInSource,
    @Doc("Columns that the source hasn't; they were not compared.")
        List<String> columnsOnlyInTarget,
    @Doc("Some of the rows that differ.") List<Difference> differences) {

  /** What came of it. */
  public enum Verdict {
    SAME,
    DIFFERENT,
    ONLY_IN_SOURCE,
    ONLY_IN_TARGET
  }

  /** A table that one side hasn't. */
  static TableComparison missing(String table, Verdict verdict, long rows) {
    boolean source = verdict == Verdict.ONLY_IN_SOURCE;
    return new TableComparison(
        table,
        verdict,
        source ? rows : null,
        source ? null : rows,
        null,
        null,
        source ? rows : 0,
        source ? 0 : rows,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  static TableComparison of(Pair pair, Comparison.Sums sums, Differences differences, int shown) {
    boolean same = sums.same() && pair.hasSameColumns();
    return new TableComparison(
        pair.name(),
        same ? Verdict.SAME : Verdict.DIFFERENT,
        sums.source().rows(),
        sums.target().rows(),
        sums.source().sum().toString(),
        sums.target().sum().toString(),
        differences.onlyInSource(),
        differences.onlyInTarget(),
        differences.changed(),
        pair.key(),
        pair.onlyInSource(),
        pair.onlyInTarget(),
        differences.listed().stream().limit(shown).toList());
  }

  /** What differs, as lines for people. */
  Stream<String> said() {
    Stream<String> shape =
        switch (verdict) {
          case SAME -> Stream.empty();
          case ONLY_IN_SOURCE -> Stream.of("the target has no such table");
          case ONLY_IN_TARGET -> Stream.of("the source has no such table");
          case DIFFERENT ->
              Stream.of(
                      counts(),
                      columnsOnlyInSource.stream().map(c -> "the target has no column " + c),
                      columnsOnlyInTarget.stream().map(c -> "the source has no column " + c),
                      differences.stream().map(Difference::said))
                  .flatMap(lines -> lines);
        };
    return shape.map(line -> table + ": " + line);
  }

  private Stream<String> counts() {
    return differing() == 0
        ? Stream.empty()
        : Stream.of(
            "%d rows only in the source, %d only in the target, %d with other values"
                .formatted(onlyInSource, onlyInTarget, changed));
  }

  long differing() {
    return onlyInSource + onlyInTarget + changed;
  }
}
