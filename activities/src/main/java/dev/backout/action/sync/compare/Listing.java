package dev.backout.action.sync.compare;

import dev.backout.action.sync.compare.Fingerprint.Print;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A few of many: those whose keys' hashes are the least, so that it is the same few in whatever
 * order they come.
 */
final class Listing<T> {
  private final int most;
  private final TreeMap<Print, T> kept = new TreeMap<>();

  Listing(int most) {
    this.most = most;
  }

  boolean wants(Print key) {
    return most > 0 && (kept.size() < most || key.compareTo(kept.lastKey()) < 0);
  }

  void put(Print key, T value) {
    kept.put(key, value);
    if (kept.size() > most) {
      Map.Entry<Print, T> ignored = kept.pollLastEntry();
    }
  }

  @Nullable T get(Print key) {
    return kept.get(key);
  }

  List<T> values() {
    return List.copyOf(kept.values());
  }
}
