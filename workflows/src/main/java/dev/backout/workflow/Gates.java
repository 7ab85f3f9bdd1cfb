package dev.backout.workflow;

import dev.backout.history.Choices;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.plan.PlannedStep.Checkpoint;
import dev.backout.plan.PlannedStep.Closed;
import dev.backout.runbook.expression.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checkpoints. A gate opens by enough approvals and by nothing else. */
final class Gates {
  private final Run run;

  Gates(Run run) {
    this.run = run;
  }

  StepResult pass(StepRun step, Checkpoint gate) {
    String question = step.scope.renderText(gate.question());
    List<String> asked = new ArrayList<>(gate.approvers());
    Iterator<String> escalations = gate.escalateTo().iterator();
    Waiting asking =
        Desk.gate(
                step.path,
                question,
                List.copyOf(asked),
                gate.quorum(),
                gate.timeout(),
                onDeadline(gate, 0))
            .withQuorums(gate.quorums())
            .withSelfApproval(gate.selfApproval());
    Waiting shown = gate.onReject() == Closed.UNDO ? run.back().shown(asking) : asking;
    if (run.former().isOpen(step, shown)) {
      return new StepResult.Done(null);
    }
    run.log()
        .note(new RunEvent.StepStarted(RunLog.now(), step.path, step.name, step.nextAttempt()));
    run.desk().open(shown);
    while (true) {
      Optional<Decision> answer = answer(step, gate, asked);
      if (answer.isPresent()) {
        return settled(step, gate, answer.get());
      }
      if (run.ending().isSet()) {
        return closed(step, "The run was stopped before this was decided.");
      }
      if (!escalations.hasNext()) {
        return timedOut(step, gate);
      }
      escalate(step, gate, escalations.next(), asked);
    }
  }

  /** Empty when the time is up, or the run is to end. */
  private Optional<Decision> answer(StepRun step, Checkpoint gate, List<String> asked) {
    Duration remind = gate.remind();
    if (remind == null) {
      return run.desk().answer(step.path, gate.timeout());
    }
    Instant deadline = RunLog.now().plus(gate.timeout());
    while (true) {
      Duration left = Duration.between(RunLog.now(), deadline);
      boolean last = left.compareTo(remind) <= 0;
      Optional<Decision> answer = run.desk().answer(step.path, last ? left : remind);
      if (answer.isPresent() || run.ending().isSet() || last) {
        return answer;
      }
      run.log().note(new RunEvent.Reminded(RunLog.now(), step.path, List.copyOf(asked)));
    }
  }

  private StepResult settled(StepRun step, Checkpoint gate, Decision decision) {
    if (decision.choice().equals(Choices.APPROVE)) {
      return new StepResult.Done(null);
    }
    String why = "`" + step.path + "` was rejected by " + Desk.said(decision);
    end(gate.onReject(), why, decision.by());
    return new StepResult.Ended();
  }

  private void escalate(StepRun step, Checkpoint gate, String to, List<String> asked) {
    asked.add(to);
    int level = asked.size() - gate.approvers().size();
    Instant now = RunLog.now();
    run.log()
        .note(
            new RunEvent.Escalated(
                now,
                step.path,
                to,
                List.copyOf(asked),
                now.plus(gate.timeout()),
                onDeadline(gate, level)));
  }

  private StepResult timedOut(StepRun step, Checkpoint gate) {
    String why = "Nobody decided in time: " + DurationText.print(gate.timeout()) + " each.";
    end(gate.onTimeout(), "`" + step.path + "`: nobody decided in time.", null);
    return closed(step, why);
  }

  private void end(@Nullable Closed how, String why, @Nullable String by) {
    if (how == Closed.UNDO) {
      run.ending().setUndo(RunState.STOPPED, why, by);
    } else {
      run.ending().set(RunState.STOPPED, why, by);
    }
  }

  private StepResult closed(StepRun step, String why) {
    run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, why));
    return new StepResult.Ended();
  }

  /**
   * @param level how often it has been escalated
   */
  private static String onDeadline(Checkpoint gate, int level) {
    return level < gate.escalateTo().size()
        ? "Then " + gate.escalateTo().get(level) + " is asked too."
        : gate.onTimeout() == Closed.UNDO
            ? "Then what was done is taken back."
            : "Then the run stops.";
  }
}
