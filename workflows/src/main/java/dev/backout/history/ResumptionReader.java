package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.Resumption.Former;
import dev.backout.history.Resumption.How;
import dev.backout.history.Resumption.Lost;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.plan.PlannedStep;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DataConverter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from the history of a run that has stopped what a new one can take over from it. */
public final class ResumptionReader {
  private final DataConverter converter;
  private final Map<String, WorkflowExecutionHistory> children;

  /**
   * @param children histories of child runbooks by their workflow id, as far as they are at hand
   */
  public ResumptionReader(DataConverter converter, Map<String, WorkflowExecutionHistory> children) {
    this.converter = converter;
    this.children = children;
  }

  /** With what that run itself had taken over and not come to. */
  public Resumption read(WorkflowExecutionHistory history) {
    List<HistoryEvent> events = history.getEvents();
    HistoryEvents translator =
        new HistoryEvents(converter, history.getWorkflowExecution().getWorkflowId());
    RunEvent.RunStarted start = translator.start(events.get(0));
    Level level = new Level(new StatusFold(start), start);
    translator.earlier(events.get(0)).forEach(level::apply);
    for (HistoryEvent event : events) {
      translator.translate(event, level.fold).ifPresent(level::apply);
    }
    boolean breaksOff = !level.fold.state().isFinal();
    if (breaksOff) {
      Instant last = HistoryEvents.at(events.get(events.size() - 1));
      level.fold.apply(new RunEvent.RunFinished(last, RunState.INTERRUPTED, Endings.INTERRUPTED));
    }
    return level.resumption(breaksOff, translator.undoOfChildren());
  }

  /** One run, without the child runbooks that it called. */
  private final class Level {
    private final StatusFold fold;
    private final @Nullable Resumption earlier;
    private final Map<String, String> facts = new HashMap<>();
    private final Map<String, List<JsonNode>> lists = new LinkedHashMap<>();
    private final Map<String, Former> steps = new LinkedHashMap<>();
    private final Map<String, Resumption> below = new LinkedHashMap<>();

    Level(StatusFold fold, RunEvent.RunStarted start) {
      this.fold = fold;
      this.earlier = start.resumes();
    }

    void apply(RunEvent event) {
      if (event instanceof RunEvent.Asked asked
          && asked.waiting().reason() == WaitingFor.CHECKPOINT) {
        facts.put(asked.step(), Facts.of(asked.waiting()));
      } else if (event instanceof RunEvent.Expanded expanded) {
        lists.put(expanded.step(), expanded.elements());
      }
      fold.apply(event);
    }

    Resumption resumption(boolean breaksOff, Map<String, UndoPlan> undoOfChildren) {
      Map<String, UndoPlan> undo = new LinkedHashMap<>(undoOfChildren);
      if (earlier != null) {
        steps.putAll(earlier.steps());
        below.putAll(earlier.children());
        earlier.lists().forEach(lists::putIfAbsent);
        earlier
            .undo()
            .forEach((path, before) -> undo.merge(path, before, (later, was) -> later.before(was)));
      }
      RunStatus status = fold.status();
      status.preflight().forEach(this::add);
      status.steps().forEach(this::add);
      return new Resumption(status.runId(), steps, lists, below, undo, lost(status, breaksOff));
    }

    private @Nullable Lost lost(RunStatus status, boolean breaksOff) {
      Lost before = earlier == null ? null : earlier.lost();
      if (!breaksOff) {
        return before;
      }
      List<String> runs = new ArrayList<>(before == null ? List.of() : before.runs());
      runs.add(status.runId());
      return new Lost(runs, before == null ? status.startedAt() : before.since(), false, null);
    }

    private void add(StepStatus step) {
      PlannedStep planned = fold.planned(step.path()).orElse(null);
      if (!step.children().isEmpty() || planned == null) {
        step.children().forEach(this::add);
        return;
      }
      if (planned.work() instanceof PlannedStep.CallRunbook && step.childRunId() != null) {
        child(step, planned);
        return;
      }
      How how = how(step, planned);
      if (how != null) {
        put(step, how);
      }
    }

    private void put(StepStatus step, How how) {
      String known = facts.get(step.path());
      Former before = earlier == null ? null : earlier.steps().get(step.path());
      String from = step.takenOverFrom();
      steps.put(
          step.path(),
          new Former(
              from == null ? fold.status().runId() : from,
              step.name(),
              how,
              step.attempt(),
              step.startedAt(),
              step.finishedAt(),
              step.outputs(),
              step.decisions(),
              known == null && before != null ? before.facts() : known));
    }

    /** Its own steps are taken over one by one; where its record is lost, the journal tells. */
    private void child(StepStatus step, PlannedStep planned) {
      WorkflowExecutionHistory history =
          children.get(StepPath.childWorkflowId(fold.workflowId(), step.path()));
      Resumption own =
          history == null
              ? Resumption.begun(String.valueOf(step.childRunId()), fold.startedAt())
              : read(history);
      Resumption before = below.get(step.path());
      below.put(step.path(), history == null && before != null ? before.and(own) : own);
      How how = how(step, planned);
      if (how == How.DONE || how == How.SKIPPED) {
        put(step, how);
      } else {
        steps.remove(step.path());
      }
    }

    private @Nullable How how(StepStatus step, PlannedStep planned) {
      return switch (step.state()) {
        case DONE -> planned.work() instanceof PlannedStep.Checkpoint ? How.APPROVED : How.DONE;
        case SKIPPED -> skippedBySomebody(step) ? How.SKIPPED : null;
        case FAILED -> failed(step, planned);
        case IN_DOUBT, RUNNING -> How.IN_DOUBT;
        case PENDING, WAITING, UNDONE -> null;
      };
    }

    private How failed(StepStatus step, PlannedStep planned) {
      if (step.outputs() != null) {
        return How.IN_DOUBT; // It has happened, though not as was expected.
      }
      return planned.onFailure() == PlannedStep.OnFailure.CONTINUE ? How.SKIPPED : How.FAILED;
    }

    private boolean skippedBySomebody(StepStatus step) {
      return step.takenOverFrom() != null
          || step.decisions().stream().anyMatch(each -> each.choice().equals(Choices.SKIP));
    }
  }

  static StepState stateOf(How how) {
    return switch (how) {
      case DONE, APPROVED -> StepState.DONE;
      case SKIPPED -> StepState.SKIPPED;
      case FAILED -> StepState.FAILED;
      case IN_DOUBT -> StepState.IN_DOUBT;
    };
  }
}
