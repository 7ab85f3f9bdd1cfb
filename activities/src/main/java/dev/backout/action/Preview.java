package dev.backout.action;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an action would do now. The result of the activity {@code preview:NAME}.
 *
 * @param summary one sentence: "Would stop 2 processes"
 * @param changes false when everything is already as wanted
 * @param details what a person wants to see of it, in order
 * @param outputs what the step would give, as far as it is known without doing it; null if it isn't
 */
public record Preview(
    String summary, boolean changes, List<Detail> details, @Nullable Record outputs) {

  /** One block of a preview; secrets are masked before it leaves the worker. */
  public record Detail(Kind kind, String title, List<String> lines) {}

  public enum Kind {
    /** Lines of a unified diff. */
    DIFF,
    /** Tab-separated cells, the first line the header. */
    TABLE,
    NOTE,
    /** Something that would be lost. */
    LOSS,
    /** Why {@link Action#run} would fail, or may. */
    PROBLEM
  }
}
