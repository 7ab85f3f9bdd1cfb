package dev.backout.cli;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Since when triggers that are asked again and again have held without a break. An answer that
 * can't be had is a break: that it held meanwhile is more than anybody knows.
 */
final class HeldTriggers {
  private final Map<String, Instant> since = new HashMap<>();
  private final Map<String, Optional<Boolean>> last = new HashMap<>();

  /** Whether it says something else than the time before, or is asked for the first time. */
  boolean changes(String trigger, @Nullable Boolean holds) {
    Optional<Boolean> answer = Optional.ofNullable(holds);
    return !Objects.equals(last.put(trigger, answer), answer);
  }

  /** Null if it doesn't hold, or nobody knows. */
  @Nullable Instant since(String trigger, @Nullable Boolean holds, Instant now) {
    if (!Boolean.TRUE.equals(holds)) {
      since.remove(trigger);
      return null;
    }
    return since.computeIfAbsent(trigger, first -> now);
  }
}
