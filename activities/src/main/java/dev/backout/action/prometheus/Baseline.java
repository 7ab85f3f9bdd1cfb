package dev.backout.action.prometheus;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Doc;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When it was as it should be. */
public record Baseline(
    @Doc("So long before the time that is asked about: `7d` compares with last week at this hour.")
        @Nullable Duration ago,
    @Doc("At that time, such as one from before the incident.") @Nullable Instant at) {

  /**
   * @throws ActionException unless it says one time
   */
  Instant before(Instant asked) throws ActionException {
    if ((ago == null) == (at == null)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "baseline needs either `ago`, such as 7d, or `at`, such as 2026-01-31T02:00:00Z.");
    }
    Instant time = ago == null ? java.util.Objects.requireNonNull(at) : asked.minus(ago);
    if (!time.isBefore(asked)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "baseline is to be before the time that is asked about, "
              + asked
              + ", and is "
              + time
              + ".");
    }
    return time;
  }
}
