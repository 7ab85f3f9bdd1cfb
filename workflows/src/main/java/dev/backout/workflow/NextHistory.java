package dev.backout.workflow;

import dev.backout.catalog.ValueType;
import dev.backout.history.Chronicle;
import dev.backout.history.Payloads;
import dev.backout.plan.PlannedStep;
import io.temporal.workflow.ContinueAsNewOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes on in a new history where the present one gets long, between two of the run's own steps,
 * when nothing is under way and nothing waits.
 */
final class NextHistory {
  /** Long runs of releases without it stay in their one history. */
  private static final String CHANGE = "next history";

  /** With the plan it has to go into one piece, of which a server takes 2 MiB. */
  private static final int MOST_BYTES = 800 * 1024;

  private final Run run;
  private boolean full;

  NextHistory(Run run) {
    this.run = run;
  }

  /** Doesn't return if it goes on elsewhere. */
  void goIfDue(Progress progress, PlannedStep next) {
    if (!isDue()) {
      return;
    }
    Workflow.await(Workflow::isEveryHandlerFinished);
    if (!isQuiet()) {
      return;
    }
    RunRequest request =
        run.request()
            .withIncidentAt(run.log().fold().incidentAt())
            .withContinues(continuation(progress, next));
    if (size(request.continues()) > MOST_BYTES) {
      full = true; // What the present history still takes is more than nothing.
      Workflow.getLogger(NextHistory.class)
          .warn("the run has too much to take along, and stays in its history");
      return;
    }
    Workflow.continueAsNew(RunbookWorkflow.TYPE, options(request), request);
  }

  private boolean isDue() {
    return !full
        && Workflow.getInfo().isContinueAsNewSuggested()
        && !run.request().isChild()
        && isQuiet()
        && Workflow.getVersion(CHANGE, Workflow.DEFAULT_VERSION, 1) != Workflow.DEFAULT_VERSION;
  }

  private boolean isQuiet() {
    return !run.ending().isSet()
        && !run.desk().isPaused()
        && run.log().fold().waiting().isEmpty()
        && run.notices().isQuiet()
        && Workflow.isEveryHandlerFinished();
  }

  private Continuation continuation(Progress progress, PlannedStep next) {
    Chronicle chronicle =
        WorkflowUnsafe.deadlockDetectorOff(
            () -> Chronicle.of(run.runId(), run.log().fold().startedAt(), run.log().events()));
    return new Continuation(
        chronicle,
        run.entrance().admission(),
        run.entrance().channels(),
        run.notices().told(),
        next.id(),
        progress.gained().stream()
            .map(each -> new Continuation.Gained(each.id(), each.done(), each.outputs()))
            .toList(),
        run.back().carried(),
        run.desk().taken(),
        run.desk().decisions());
  }

  private static int size(@Nullable Continuation continuation) {
    return Payloads.CONVERTER
        .toPayload(continuation)
        .map(payload -> payload.getSerializedSize())
        .orElse(0);
  }

  private ContinueAsNewOptions options(RunRequest request) {
    Map<String, Object> memo = new LinkedHashMap<>(RunStarter.memo(request));
    memo.put(RunStarter.MEMO_RUN, run.runId());
    memo.put(RunStarter.MEMO_STARTED_AT, run.log().fold().startedAt().toString());
    ContinueAsNewOptions.Builder options = ContinueAsNewOptions.newBuilder().setMemo(memo);
    if (request.searchAttributes()) {
      options.setTypedSearchAttributes(SearchFields.of(request.plan()));
    }
    return options.build();
  }

  /** Where the run was when it came here. */
  static Progress arrived(Continuation from, Run run, Progress start) {
    Map<String, ValueType.Struct> types = new HashMap<>();
    collect(run.plan().preflight(), types);
    collect(run.plan().steps(), types);
    List<Progress.Gain> gains = new ArrayList<>();
    for (Continuation.Gained each : from.gained()) {
      gains.add(
          new Progress.Gain(
              each.id(),
              each.done(),
              each.outputs(),
              types.getOrDefault(each.id(), new ValueType.Struct(Map.of()))));
    }
    return start.with(gains);
  }

  private static void collect(List<PlannedStep> steps, Map<String, ValueType.Struct> types) {
    for (PlannedStep step : steps) {
      types.put(step.id(), PlannedStep.outputTypes(step.work()));
      if (step.work() instanceof PlannedStep.Parallel parallel) {
        parallel.branches().values().forEach(branch -> collect(branch, types));
      }
    }
  }

  /** The steps from the next one on. */
  static List<PlannedStep> rest(Continuation from, List<PlannedStep> steps) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).id().equals(from.next())) {
        return steps.subList(i, steps.size());
      }
    }
    throw new IllegalStateException("The plan has no step `" + from.next() + "` to go on with");
  }
}
