package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.history.Facts;
import dev.backout.history.Resumption;
import dev.backout.history.Resumption.Former;
import dev.backout.history.Resumption.How;
import dev.backout.history.Resumption.Lost;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.plan.ActionUse;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.Work;
import dev.backout.runbook.expression.EvaluationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the run takes over from a former one. Whoever starts a run writes that, so with a policy in
 * force nothing of it is taken at their word: approvals and skips are asked for again, what was
 * only read is read again, and of an act the worker's own journal must know.
 */
final class FormerSteps {
  private final RunRequest request;
  private final @Nullable Resumption former;
  private final RunLog log;
  private final Entrance entrance;

  FormerSteps(RunRequest request, RunLog log, Entrance entrance) {
    this(request, request.resumes(), log, entrance);
  }

  private FormerSteps(
      RunRequest request, @Nullable Resumption former, RunLog log, Entrance entrance) {
    this.request = request;
    this.former = former;
    this.log = log;
    this.entrance = entrance;
  }

  /** For what each run does anew, whatever a former one has done. */
  FormerSteps none() {
    return new FormerSteps(request, null, log, entrance);
  }

  boolean isResumed() {
    return former != null;
  }

  /** Says before anything is done what is taken over, so that it can be taken back from then on. */
  void show(TakingBack back) {
    if (former == null) {
      return;
    }
    former
        .lists()
        .forEach((path, list) -> log.note(new RunEvent.Expanded(RunLog.now(), path, list)));
    former.steps().forEach(this::show);
    if (!isByPolicy()) {
      former.undo().forEach(back::carry);
    }
  }

  private void show(String path, Former was) {
    PlannedStep step = log.fold().planned(path).orElse(null);
    if (step == null || request.plan().preflight().contains(step)) {
      return;
    }
    if (!isByPolicy() && (was.how() == How.DONE || was.how() == How.SKIPPED)) {
      note(path, was, was.how(), was.outputs());
    } else if (mayHaveHappened(was) && changesSomething(step.work())) {
      note(path, was, How.IN_DOUBT, null);
    }
  }

  private static boolean mayHaveHappened(Former was) {
    return was.how() == How.DONE || was.how() == How.IN_DOUBT;
  }

  /** What came of a step that isn't carried out again; empty for every other. */
  Optional<StepResult> taken(StepRun step) {
    Former was = at(step);
    if (was == null || isByPolicy()) {
      return Optional.empty();
    }
    return switch (was.how()) {
      case DONE -> Optional.of(new StepResult.Done(was.outputs()));
      case SKIPPED -> Optional.of(new StepResult.Skipped());
      case APPROVED, FAILED, IN_DOUBT -> Optional.empty();
    };
  }

  /** The step before it is begun; one that may have begun in a former run is told so. */
  void prepare(StepRun step) {
    if (former == null) {
      return;
    }
    Former was = at(step);
    if (step.step.work() instanceof PlannedStep.Uses uses) {
      prepare(step, was, uses.use());
    } else if (step.step.work() instanceof PlannedStep.CallRunbook
        && was != null
        && mayHaveHappened(was)
        && below(step) == null) {
      step.begunIn(call(step, "", Map.of()), was.attempt());
    }
  }

  private void prepare(StepRun step, @Nullable Former was, ActionUse use) {
    if (use.repeatability() == Repeatability.READ_ONLY) {
      return;
    }
    Map<String, Integer> attempts = new LinkedHashMap<>();
    boolean isInDoubt = was != null && was.how() != How.FAILED && was.attempt() > 0;
    if (was != null && isInDoubt) {
      attempts.put(was.runId(), was.attempt());
    }
    // Also of what may be done twice: done again behind later steps, it would undo them.
    Lost lost = lost();
    if (lost != null) {
      lost.runs().forEach(run -> attempts.putIfAbsent(run, firstUnseen(run, was)));
    }
    if (isInDoubt || lost != null) {
      step.begunIn(call(step, use.action(), attempts), was == null ? 0 : was.attempt());
    }
  }

  private static int firstUnseen(String run, @Nullable Former was) {
    return was != null && was.runId().equals(run) ? was.attempt() + 1 : 1;
  }

  private FormerCall call(StepRun step, String action, Map<String, Integer> attempts) {
    Lost lost = lost();
    return new FormerCall(
        request.plan().runbook(),
        request.plan().target(),
        step.path,
        action,
        attempts,
        known(),
        lost != null && lost.others() ? lost.since() : null,
        lost == null ? null : lost.journal());
  }

  private List<String> known() {
    Set<String> runs = new TreeSet<>();
    if (former != null) {
      former.steps().values().forEach(step -> runs.add(step.runId()));
      if (former.runId() != null) {
        runs.add(former.runId());
      }
    }
    return List.copyOf(runs);
  }

  private @Nullable Lost lost() {
    return former == null ? null : former.lost();
  }

  /** It has happened in a former run, as the journal or a probe has found. */
  void confirmed(StepRun step, @Nullable JsonNode outputs) {
    Former was = at(step);
    if (was == null) {
      log.note(new RunEvent.StepDone(RunLog.now(), step.path, outputs));
    } else {
      note(step.path, was, How.DONE, outputs);
    }
  }

  /** Whether the gate was opened by people who were shown what would be shown now. */
  boolean isOpen(StepRun step, Waiting question) {
    Former was = at(step);
    boolean open =
        was != null
            && was.how() == How.APPROVED
            && !isByPolicy()
            && Facts.of(question).equals(was.facts());
    if (was != null && open) {
      note(step.path, was, How.APPROVED, null);
    }
    return open;
  }

  /**
   * Whether it is known already what the step goes through.
   *
   * @throws EvaluationException if what a former run has begun to go through has changed since
   */
  boolean isSameList(StepRun step, List<JsonNode> elements) {
    List<JsonNode> before = former == null ? null : former.lists().get(step.path);
    if (before != null && !before.equals(elements)) {
      throw new EvaluationException(
          "The former run went through "
              + before
              + ", and now it would be "
              + elements
              + ". What was done for which of them can't be told: see to it by hand, and skip this"
              + " step.");
    }
    return before != null;
  }

  /** For a child runbook that had begun, or may have. */
  @Nullable Resumption below(StepRun step) {
    Resumption known = former == null ? null : former.children().get(step.path);
    Lost lost = lost();
    return known == null && lost != null ? Resumption.unseen(lost) : known;
  }

  /** What the failed step of a preflight gave in the former run, where that is to do. */
  Optional<Progress.Gain> ofPreflight(StepRun step) {
    Former was = at(step);
    if (was == null || was.how() != How.DONE || isByPolicy()) {
      return Optional.empty();
    }
    note(step.path, was, How.DONE, was.outputs());
    return Optional.of(Progress.Gain.done(step.step, was.outputs()));
  }

  private boolean isByPolicy() {
    Admission admission = entrance.admission();
    return admission != null && admission.isByPolicy();
  }

  private @Nullable Former at(StepRun step) {
    return former == null ? null : former.steps().get(step.path);
  }

  private void note(String path, Former was, How how, @Nullable JsonNode outputs) {
    log.note(
        new RunEvent.TakenOver(
            RunLog.now(),
            path,
            was.name(),
            was.runId(),
            how,
            was.attempt(),
            was.startedAt(),
            was.finishedAt(),
            outputs,
            isByPolicy() ? List.of() : was.decisions()));
  }

  private static boolean changesSomething(Work work) {
    return work instanceof PlannedStep.CallRunbook
        || (work instanceof PlannedStep.Uses uses
            && uses.use().repeatability() != Repeatability.READ_ONLY);
  }
}
