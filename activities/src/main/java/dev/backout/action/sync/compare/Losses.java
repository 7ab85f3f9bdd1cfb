package dev.backout.action.sync.compare;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What of one table only the source has: how much, from when to when, and some of it. */
final class Losses implements Comparison.Findings {
  private final Pair pair;
  private final Masking masking;
  private final KeyText keys;
  private final int time;
  private final Listing<LostRow> rows;
  private long lost;
  private long changed;
  private long onlyInTarget;
  private @Nullable Long first;
  private @Nullable Long last;

  /**
   * @param timeColumn null if none says when a row is from
   * @param most how many rows are kept
   */
  Losses(Pair pair, Masking masking, @Nullable String timeColumn, int most) {
    this.pair = pair;
    this.masking = masking;
    this.keys = new KeyText(pair, masking);
    this.time = timeColumn == null ? -1 : pair.column(timeColumn).orElse(-1);
    this.rows = new Listing<>(most);
  }

  @Override
  public void onlyInTarget(Fingerprint print, Row row) {
    onlyInTarget++;
  }

  @Override
  public void changedInTarget(Fingerprint print, Row row) {
    // The source's values are the ones that would be lost.
  }

  @Override
  public void onlyInSource(Fingerprint print, Row row) throws SQLException {
    lost++;
    take("lost", print, row);
  }

  @Override
  public void changedInSource(Fingerprint print, Row row) throws SQLException {
    changed++;
    take("changed", print, row);
  }

  private void take(String how, Fingerprint print, Row row) throws SQLException {
    String at = time < 0 ? null : row.text(time);
    if (at != null) {
      Moments.micros(at).ifPresent(this::at);
    }
    if (rows.wants(print.key())) {
      rows.put(
          print.key(),
          new LostRow(pair.name(), how, keys.of(row), at == null ? "" : at, values(row)));
    }
  }

  private void at(long micros) {
    first = first == null ? micros : Math.min(first, micros);
    last = last == null ? micros : Math.max(last, micros);
  }

  private List<String> values(Row row) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < pair.columns().size(); i++) {
      values.add(masking.of(pair.name(), pair.columns().get(i).source().name(), row.text(i)));
    }
    return values;
  }

  /** By key. */
  List<LostRow> rows() {
    return rows.values().stream().sorted(Comparator.comparing(LostRow::key)).toList();
  }

  TableLoss sum() {
    return new TableLoss(
        pair.name(),
        lost,
        changed,
        onlyInTarget,
        time < 0 ? null : pair.columns().get(time).source().name(),
        instant(first),
        instant(last),
        pair.onlyInSource());
  }

  private static @Nullable Instant instant(@Nullable Long micros) {
    OptionalLong bounded =
        micros == null || micros == Long.MAX_VALUE || micros == Long.MIN_VALUE
            ? OptionalLong.empty()
            : OptionalLong.of(micros);
    return bounded.isEmpty() ? null : Instant.EPOCH.plus(bounded.getAsLong(), ChronoUnit.MICROS);
  }

  List<String> columns() {
    return pair.columns().stream().map(each -> each.source().name()).toList();
  }
}
