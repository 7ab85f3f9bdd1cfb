package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.Choices;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.StepPath;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.OnFailure;
import dev.backout.plan.Scope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs steps one after the other, and asks a person where one fails. */
final class StepRunner {
  private final Run run;
  private final StepWork work;
  private final Objectives objectives;
  private final Pauses pauses;
  private final NextHistory next;

  StepRunner(Run run, Objectives objectives) {
    this.run = run;
    this.work = new StepWork(run, this);
    this.objectives = objectives;
    this.pauses = new Pauses(run);
    this.next = new NextHistory(run);
  }

  Progress all(List<PlannedStep> steps, String prefix, Scope scope) {
    Progress progress = Progress.from(scope);
    for (PlannedStep step : steps) {
      if (run.ending().isSet()) {
        return progress.broken();
      }
      objectives.look();
      progress = one(step, StepPath.of(prefix, step.id()), progress);
    }
    return progress;
  }

  /** The run's own steps, which may go on in a new history between any two of them. */
  Progress own(List<PlannedStep> steps, Progress ready) {
    Progress progress = ready;
    for (PlannedStep step : steps) {
      if (run.ending().isSet()) {
        return progress.broken();
      }
      next.goIfDue(progress, step);
      objectives.look();
      progress = one(step, step.id(), progress);
    }
    return progress;
  }

  private Progress one(PlannedStep step, String path, Progress progress) {
    StepRun going = new StepRun(step, path, progress.scope());
    Optional<StepResult> taken = run.former().taken(going);
    if (taken.isPresent()) {
      return progress.with(gainOf(step, taken.get()));
    }
    switch (pauses.before(going)) {
      case GO -> {}
      case SKIP -> {
        return progress.with(Progress.Gain.notDone(step));
      }
      case END -> {
        return progress.broken();
      }
    }
    run.former().prepare(going);
    while (true) {
      StepWork.Outcome outcome = work.go(going);
      if (outcome.result() instanceof StepResult.Done done) {
        return finished(going, done, outcome, progress);
      }
      if (outcome.result() instanceof StepResult.Skipped) {
        return progress.with(Progress.Gain.notDone(step));
      }
      if (outcome.result() instanceof StepResult.Ended) {
        return progress.broken();
      }
      Next next = afterFailure(going, outcome.result());
      if (next instanceof Done done) {
        return finished(going, new StepResult.Done(done.outputs()), outcome, progress);
      } else if (next instanceof Past) {
        return progress.with(outcome.gained()).with(Progress.Gain.notDone(step));
      } else if (next instanceof End) {
        return progress.broken();
      }
    }
  }

  private Progress finished(
      StepRun step, StepResult.Done done, StepWork.Outcome outcome, Progress progress) {
    return progress.with(outcome.gained()).with(Progress.Gain.done(step.step, done.outputs()));
  }

  /** What a person has said to a step that failed or is in doubt. */
  private sealed interface Next {}

  private record Again() implements Next {}

  private record Past() implements Next {}

  private record End() implements Next {}

  /** It has happened, as somebody says who has looked. */
  private record Done(@Nullable JsonNode outputs) implements Next {}

  private Next afterFailure(StepRun step, StepResult result) {
    OnFailure onFailure = step.step.onFailure();
    boolean gate = step.step.work() instanceof PlannedStep.Checkpoint;
    if (step.isOfFormerRuns() && result instanceof StepResult.InDoubt) {
      return ask(step, result, gate); // To stop again would leave the doubt for ever.
    }
    if (onFailure == OnFailure.STOP) {
      run.notices().failed(step, failure(result));
      run.ending().set(RunState.FAILED, "`" + step.path + "` failed: " + failure(result), null);
      return new End();
    }
    if (onFailure == OnFailure.UNDO && !(result instanceof StepResult.InDoubt)) {
      run.notices().failed(step, failure(result));
      run.ending().setUndo(RunState.FAILED, "`" + step.path + "` failed: " + failure(result), null);
      return new End();
    }
    if (onFailure == OnFailure.CONTINUE && !gate) {
      run.notices().failed(step, failure(result));
      return new Past();
    }
    return ask(step, result, gate);
  }

  private Next ask(StepRun step, StepResult result, boolean gate) {
    Optional<Decision> decision = run.desk().ask(question(step, result, gate));
    if (decision.isEmpty()) {
      leave(step, result);
      return new End();
    }
    return switch (decision.get().choice()) {
      case Choices.RETRY -> new Again();
      case Choices.SKIP -> new Past();
      case Choices.DONE -> done(step, Details.outputs(decision.get()));
      default -> new End();
    };
  }

  private Next done(StepRun step, @Nullable JsonNode outputs) {
    run.log().note(new RunEvent.StepDone(RunLog.now(), step.path, outputs));
    return new Done(outputs);
  }

  /** The run ends for another reason while this one waits. */
  private void leave(StepRun step, StepResult result) {
    run.log()
        .note(
            result instanceof StepResult.InDoubt doubt
                ? new RunEvent.StepInDoubt(RunLog.now(), step.path, doubt.failure())
                : new RunEvent.StepFailed(RunLog.now(), step.path, failure(result)));
  }

  private Waiting question(StepRun step, StepResult result, boolean gate) {
    if (step.step.work() instanceof PlannedStep.TakeBack back) {
      return ofTakingBack(step, result, back);
    }
    return run.back().offered(ofStep(step, result, gate));
  }

  private static Waiting ofTakingBack(StepRun step, StepResult result, PlannedStep.TakeBack back) {
    if (back.use() != null) {
      return ofStep(step, result, false);
    }
    return Desk.question(
        WaitingFor.FAILURE,
        step.path,
        "`"
            + back.step()
            + "` can't be taken back by itself: "
            + failure(result)
            + " Take it back by hand if need be. `skip` goes on with the others, `stop` ends the"
            + " run here.",
        List.of(Choices.STOP, Choices.SKIP));
  }

  private static Waiting ofStep(StepRun step, StepResult result, boolean gate) {
    if (result instanceof StepResult.InDoubt doubt) {
      return Desk.question(
          WaitingFor.DOUBT,
          step.path,
          "It can't be told whether `"
              + step.name
              + "` has happened: "
              + sentence(doubt.failure())
              + " Look at the system first. `done` if it has happened: the run goes on after it."
              + " `retry` if it has not happened: it is done now. `skip` if it need not happen."
              + " `stop` ends the run here.",
          List.of(Choices.STOP, Choices.SKIP, Choices.RETRY, Choices.DONE));
    }
    return Desk.question(
        WaitingFor.FAILURE,
        step.path,
        "`"
            + step.name
            + "` failed: "
            + sentence(failure(result))
            + (gate
                ? " `retry` asks again, `stop` ends the run here."
                : " `retry` does it again, `skip` goes on without it, `stop` ends the run here."),
        gate
            ? List.of(Choices.STOP, Choices.RETRY)
            : List.of(Choices.STOP, Choices.RETRY, Choices.SKIP));
  }

  /** What another program said may end without a full stop, and more is said after it. */
  private static String sentence(String text) {
    return text.isEmpty() || text.matches("(?s).*[.!?:…]\\s*") ? text : text + ".";
  }

  private static String failure(StepResult result) {
    if (result instanceof StepResult.Failed failed) {
      return failed.failure();
    }
    return result instanceof StepResult.InDoubt doubt ? doubt.failure() : "";
  }

  /** For the preflight, where one failure doesn't keep the others from being found. */
  StepWork.Outcome withoutAsking(StepRun step) {
    return work.go(step);
  }

  static Progress.Gain gainOf(PlannedStep step, StepResult result) {
    return result instanceof StepResult.Done done
        ? Progress.Gain.done(step, done.outputs())
        : Progress.Gain.notDone(step);
  }

  static String failureOf(StepResult result) {
    return failure(result);
  }
}
