package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.history.AttemptFailure;
import dev.backout.history.RunEvent.DoubtExamined;
import dev.backout.history.RunEvent.DoubtExamined.Finding;
import dev.backout.history.RunEvent.DoubtExamined.Source;
import dev.backout.plan.PlannedStep.PlannedProbe;
import dev.backout.plan.Scope;
import dev.backout.runbook.expression.EvaluationException;
import dev.backout.workflow.Settlement.Answer;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the system whether a step has happened, where the journal could not say. */
final class Probes {
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final String NO_OUTPUTS =
      "What it gave isn't known, and the run needs it: say so with `done`.";

  private final Run run;
  private final Actions actions;

  Probes(Run run, Actions actions) {
    this.run = run;
    this.actions = actions;
  }

  /**
   * What has happened, with outputs that nobody knows only where nothing refers to them.
   *
   * @param said how it is known
   */
  static Doubts.Verdict happened(Run run, StepRun step, @Nullable JsonNode outputs, String said) {
    return outputs == null && OutputsNeeded.of(step.step, run.plan())
        ? new Doubts.Open(said + " " + NO_OUTPUTS)
        : new Doubts.Happened(outputs);
  }

  Doubts.Verdict settle(StepRun step, Settlement journal, Doubts.Open open) {
    PlannedProbe probe = step.step.probe();
    if (probe == null || run.ending().isSet()) {
      return open;
    }
    try {
      JsonNode outputs = actions.probe(step, probe.use(), shorter(step.step.timeout()));
      return judge(step, probe, outputs, journal, open);
    } catch (ActivityFailure e) {
      if (CancellationScope.current().isCancelRequested()
          && e.getCause() instanceof CanceledFailure canceled) {
        throw canceled;
      }
      String why = AttemptFailure.of(e, Repeatability.READ_ONLY).message();
      return unclear(step, open, "The probe failed: " + why);
    } catch (EvaluationException e) {
      return unclear(step, open, "The probe could not be judged: " + e.getMessage());
    }
  }

  private Doubts.Verdict judge(
      StepRun step, PlannedProbe probe, JsonNode outputs, Settlement journal, Doubts.Open open) {
    Scope seen = step.scope.withOutputs(outputs, probe.use().outputs());
    if (probe.expect().isEmpty()) {
      return unclear(step, open, "The probe expects nothing, so it settles nothing.");
    }
    List<String> missed = new ArrayList<>();
    probe.expect().stream().filter(each -> !seen.test(each)).forEach(missed::add);
    if (missed.isEmpty()) {
      String said = "The probe finds what is expected of it: " + quoted(probe.expect()) + ".";
      examined(step, Finding.DONE, said);
      return happened(run, step, null, open.known() + " " + said);
    }
    if (missed.size() < probe.expect().size()) {
      return unclear(
          step, open, "The probe finds it done in part: not so is " + quoted(missed) + ".");
    }
    String said = "The probe does not find " + quoted(missed) + ".";
    if (journal.answer() != Answer.BROKEN_OFF) {
      return unclear(step, open, said + " But it may still be under way.");
    }
    examined(step, Finding.NOT_DONE, said);
    return new Doubts.NotHappened();
  }

  private Doubts.Open unclear(StepRun step, Doubts.Open open, String said) {
    examined(step, Finding.UNKNOWN, said);
    return new Doubts.Open(open.known() + " " + said);
  }

  private void examined(StepRun step, Finding finding, String said) {
    run.log().note(new DoubtExamined(RunLog.now(), step.path, Source.PROBE, finding, said));
  }

  private static String quoted(List<String> conditions) {
    return "`" + String.join("`, `", conditions) + "`";
  }

  private static Duration shorter(Duration timeout) {
    return timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
  }
}
