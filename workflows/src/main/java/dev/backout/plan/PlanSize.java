package dev.backout.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * How large a plan may be. A server takes 2 MiB in one piece, and what a run carries from one
 * history to the next has to go into that beside the plan.
 */
public final class PlanSize {
  /** In bytes, as JSON. */
  public static final int MOST_BYTES = 1_200 * 1024;

  static final String WHAT_TO_DO =
      "Split it into several runbooks that are run one after the other; a long list belongs into a"
          + " file that an action reads. A runbook that is called twice counts twice";

  private PlanSize() {}

  /** Why no run can be made of it, as a sentence; empty if one can. */
  public static Optional<String> refusal(ExecutionPlan plan) {
    int size = bytes(plan);
    return size <= MOST_BYTES
        ? Optional.empty()
        : Optional.of(
            "With all that it calls the plan has "
                + size / 1024
                + " KiB, and a run can take at most "
                + MOST_BYTES / 1024
                + " KiB");
  }

  private static int bytes(ExecutionPlan plan) {
    try {
      return Json.MAPPER.writeValueAsBytes(plan).length;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
