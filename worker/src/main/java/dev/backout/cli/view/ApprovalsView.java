package dev.backout.cli.view;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What waits for people, run by run, with what they have to know before they decide. */
public final class ApprovalsView {
  private static final Set<StepState> TO_COME = Set.of(StepState.PENDING);

  private final List<RunStatus> runs;
  private final Instant now;

  /**
   * @param runs those in which something waits
   */
  public ApprovalsView(List<RunStatus> runs, Instant now) {
    this.runs = runs;
    this.now = now;
  }

  public Page page(Look look) {
    Page page = new Page(look);
    if (runs.isEmpty()) {
      return page.add(Line.of("Nothing waits for a person."));
    }
    for (RunStatus run : runs) {
      run(page, run);
    }
    return page;
  }

  private void run(Page page, RunStatus run) {
    page.add(
        Line.of(Tone.STRONG, run.runbook())
            .and(" on " + run.target() + ", run " + RunNames.prefix(run.runId()))
            .and(Tone.FAINT, " started by " + run.startedBy()));
    page.text("  ", Tone.FAINT, run.summary());
    clock(page, run);
    steps(page, "Done: ", run.steps(), Set.of(StepState.DONE));
    steps(page, "To come: ", run.steps(), TO_COME);
    for (Waiting waiting : run.waiting()) {
      page.blank();
      WaitingText.add(page, run, waiting, now);
    }
    page.blank();
  }

  private void clock(Page page, RunStatus run) {
    Duration rto = run.rto();
    if (rto != null) {
      Duration left = Duration.between(now, run.incidentAt().plus(rto));
      page.wrapped(
          "  ",
          left.isNegative()
              ? "The RTO of " + Times.took(rto) + " has passed."
              : Times.took(left) + " of the RTO of " + Times.took(rto) + " are left.");
    }
  }

  private static void steps(
      Page page, String title, List<StepStatus> steps, Set<StepState> states) {
    List<String> names =
        steps.stream().filter(each -> states.contains(each.state())).map(StepStatus::name).toList();
    if (!names.isEmpty()) {
      page.wrapped("  ", title + String.join("; ", names) + ".");
    }
  }
}
