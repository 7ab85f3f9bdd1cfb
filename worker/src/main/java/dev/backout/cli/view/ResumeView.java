package dev.backout.cli.view;

import dev.backout.history.Resumption;
import dev.backout.history.Resumption.Former;
import dev.backout.history.RunStatus.TakenDecision;
import java.util.stream.Collectors;

/** What a new run takes over from one that has stopped. */
public final class ResumeView {
  private ResumeView() {}

  /**
   * @param runId the former run's
   */
  public static void add(Page page, String runId, Resumption former) {
    page.blank().add(Line.of(Tone.STRONG, "Goes on from run " + RunNames.prefix(runId)));
    steps(page, former, "");
    if (former.lost() != null) {
      page.wrapped(
          "  ",
          "The record may lack what happened last: before each act that must not be repeated the"
              + " worker's journal is asked.");
    }
    page.wrapped("  ", "The preflight is run again, and all other steps are still to do.");
  }

  private static void steps(Page page, Resumption former, String prefix) {
    former
        .steps()
        .forEach(
            (path, step) ->
                page.wrapped(
                    Line.of("  ").and(Tone.STRONG, prefix + path).and("  "),
                    Tone.PLAIN,
                    said(step)));
    former.children().forEach((path, child) -> steps(page, child, prefix + path + "/"));
  }

  private static String said(Former step) {
    String by =
        step.decisions().stream()
            .map(TakenDecision::by)
            .distinct()
            .collect(Collectors.joining(", "));
    return switch (step.how()) {
      case DONE -> "done in run " + RunNames.prefix(step.runId()) + ", and not done again";
      case APPROVED ->
          "approved"
              + (by.isEmpty() ? "" : " by " + by)
              + "; asked again if the facts have changed or a policy is in force";
      case SKIPPED -> "passed over" + (by.isEmpty() ? "" : " by " + by) + ", and not done";
      case FAILED -> "failed, and is done again";
      case IN_DOUBT -> "may have happened: settled first, by journal, probe or a person";
    };
  }
}
