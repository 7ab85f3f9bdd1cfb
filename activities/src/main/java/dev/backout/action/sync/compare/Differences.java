package dev.backout.action.sync.compare;

import dev.backout.action.sync.compare.Difference.How;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How many rows differ, and which, of so many as are wanted. */
final class Differences implements Comparison.Findings {
  private final Pair pair;
  private final KeyText keys;
  private final Listing<Difference> onlyInSource;
  private final Listing<Difference> onlyInTarget;
  private final Listing<Difference> changed;
  private final Listing<int[]> changedTargets;
  private long sourceOnly;
  private long targetOnly;
  private long changes;

  /**
   * @param most how many of each kind are kept
   */
  Differences(Pair pair, Masking masking, int most) {
    this.pair = pair;
    this.keys = new KeyText(pair, masking);
    this.onlyInSource = new Listing<>(most);
    this.onlyInTarget = new Listing<>(most);
    this.changed = new Listing<>(most);
    this.changedTargets = new Listing<>(most);
  }

  @Override
  public void onlyInTarget(Fingerprint print, Row row) throws SQLException {
    targetOnly++;
    put(onlyInTarget, print, How.ONLY_IN_TARGET, row);
  }

  @Override
  public void changedInTarget(Fingerprint print, Row row) throws SQLException {
    if (changedTargets.wants(print.key())) {
      changedTargets.put(print.key(), Fingerprint.columns(pair, row));
    }
  }

  @Override
  public void onlyInSource(Fingerprint print, Row row) throws SQLException {
    sourceOnly++;
    put(onlyInSource, print, How.ONLY_IN_SOURCE, row);
  }

  @Override
  public void changedInSource(Fingerprint print, Row row) throws SQLException {
    changes++;
    int[] other = changedTargets.get(print.key());
    if (other != null && changed.wants(print.key())) {
      changed.put(print.key(), new Difference(How.CHANGED, keys.of(row), differing(row, other)));
    }
  }

  private List<String> differing(Row row, int[] other) throws SQLException {
    int[] own = Fingerprint.columns(pair, row);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < own.length; i++) {
      if (own[i] != other[i]) {
        names.add(pair.columns().get(i).source().name());
      }
    }
    return names;
  }

  private void put(Listing<Difference> listing, Fingerprint print, How how, Row row)
      throws SQLException {
    if (listing.wants(print.key())) {
      listing.put(print.key(), new Difference(how, keys.of(row), List.of()));
    }
  }

  long onlyInSource() {
    return sourceOnly;
  }

  long onlyInTarget() {
    return targetOnly;
  }

  long changed() {
    return changes;
  }

  long total() {
    return sourceOnly + targetOnly + changes;
  }

  /** By how and key. */
  List<Difference> listed() {
    List<Difference> all = new ArrayList<>(onlyInSource.values());
    all.addAll(onlyInTarget.values());
    all.addAll(changed.values());
    all.sort(Comparator.comparing(Difference::how).thenComparing(Difference::key));
    return all;
  }
}
