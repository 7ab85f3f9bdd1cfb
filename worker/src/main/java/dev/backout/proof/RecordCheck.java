package dev.backout.proof;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.Choices;
import dev.backout.history.HistoryReader;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.StatusFold;
import dev.backout.history.StepPath;
import dev.backout.history.UndoWalk;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.Checkpoint;
import dev.backout.plan.Scope;
import dev.backout.workflow.Quorum;
import dev.backout.workflow.RunRequest;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a history holds together: no event missing, no gate open without what it needs, and every
 * question the one that its plan asks.
 */
final class RecordCheck implements HistoryReader.Companion {
  private final RunRequest request;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Long> scheduled = new HashSet<>();
  private long last;
  private boolean settledByHand;

  RecordCheck(RunRequest request) {
    this.request = request;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  @Override
  public void reads(HistoryEvent event, Optional<RunEvent> happened, StatusFold before) {
    number(event);
    references(event);
    happened.ifPresent(what -> happened(event.getEventId(), what, before));
  }

  @Override
  public void remembers(RunEvent happened, StatusFold before) {
    happened(0, happened, before);
  }

  private void number(HistoryEvent event) {
    long number = event.getEventId();
    if (number != last + 1) {
      altered(
          null,
          number == last + 2
              ? "Event " + (last + 1) + " is missing."
              : number > last
                  ? "The events " + (last + 1) + " to " + (number - 1) + " are missing."
                  : "Event " + number + " stands after event " + last + ".");
    }
    last = number;
  }

  private void references(HistoryEvent event) {
    long to =
        switch (event.getEventType()) {
          case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> {
            scheduled.add(event.getEventId());
            yield 0;
          }
          case EVENT_TYPE_ACTIVITY_TASK_COMPLETED ->
              event.getActivityTaskCompletedEventAttributes().getScheduledEventId();
          case EVENT_TYPE_ACTIVITY_TASK_FAILED ->
              event.getActivityTaskFailedEventAttributes().getScheduledEventId();
          case EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT ->
              event.getActivityTaskTimedOutEventAttributes().getScheduledEventId();
          default -> 0;
        };
    if (to != 0 && !scheduled.contains(to)) {
      altered(
          null,
          "Event "
              + event.getEventId()
              + " ends an activity that event "
              + to
              + " should have begun, and did not: an event was removed or renumbered.");
    }
  }

  private void happened(long event, RunEvent what, StatusFold before) {
    if (what instanceof RunEvent.Decided decided) {
      settledByHand |= decided.decision().choice().equals(Choices.DONE);
      quorum(event, decided, before);
    } else if (what instanceof RunEvent.Asked asked) {
      question(event, asked.waiting(), before);
    } else if (what instanceof RunEvent.StepStarted started) {
      passedBy(event, started.step(), before);
    }
  }

  private void quorum(long event, RunEvent.Decided decided, StatusFold before) {
    TakenDecision taken = decided.decision();
    Optional<Waiting> waiting = before.waitingAt(taken.step());
    if (!taken.choice().equals(Choices.APPROVE)) {
      return;
    }
    if (waiting.isEmpty() || waiting.get().reason() != WaitingFor.CHECKPOINT) {
      altered(
          taken.step(),
          DecisionRecord.event(event, "an approval")
              + " counted where nothing waited for one: an event before it was removed.");
      return;
    }
    List<TakenDecision> approvals = new ArrayList<>(waiting.get().decided());
    approvals.add(taken);
    boolean met = Quorum.isMet(waiting.get(), approvals);
    if (met != decided.settles()) {
      altered(
          taken.step(),
          met
              ? "By "
                  + DecisionRecord.event(event, "an approval")
                  + " it should have opened, and did not."
              : "It opened with "
                  + DecisionRecord.event(event, "an approval")
                  + ", by "
                  + String.join(", ", approvals.stream().map(TakenDecision::by).toList())
                  + " alone, and needs more: an approval was removed, or what it needs was altered.");
    }
  }

  /** What was shown quotes outputs, so that those can't be altered either. */
  private void question(long event, Waiting waiting, StatusFold before) {
    Optional<Checkpoint> gate =
        before
            .planned(waiting.step())
            .map(PlannedStep::work)
            .filter(Checkpoint.class::isInstance)
            .map(Checkpoint.class::cast);
    if (gate.isEmpty() || waiting.step().contains("[") || settledByHand) {
      return;
    }
    String asked;
    try {
      asked =
          UndoWalk.reached(before.plan(), before.status(), start(before))
              .renderText(gate.get().question());
    } catch (RuntimeException e) {
      return; // Something that it quotes isn't in the record: nothing follows from that.
    }
    if (!asked.equals(waiting.question())) {
      altered(
          waiting.step(),
          "What was asked in "
              + DecisionRecord.place(event)
              + " was altered, or the outputs that it quotes were. Asked was: "
              + waiting.question()
              + " By the plan and the outputs in the history it is: "
              + asked);
    }
    if (waiting.quorum() != gate.get().quorum()
        || !waiting.quorums().equals(gate.get().quorums())
        || !waiting.approvers().equals(gate.get().approvers())) {
      altered(
          waiting.step(),
          "Whom "
              + DecisionRecord.place(event)
              + " asks is not whom the plan says: it was altered.");
    }
  }

  private Scope start(StatusFold before) {
    ExecutionPlan plan = before.plan();
    JsonNode given = request.given();
    Scope scope = given == null ? Scope.of(plan) : Scope.of(plan, given);
    return scope.withRun(before.status().runId(), plan.target(), request.startedBy());
  }

  private void passedBy(long event, String step, StatusFold before) {
    if (StepPath.isUndo(step) || step.endsWith("]") || isLast(step, before)) {
      return;
    }
    for (Waiting waiting : before.waiting()) {
      if (waiting.reason() == WaitingFor.CHECKPOINT && isBehind(step, waiting.step())) {
        altered(
            waiting.step(),
            "`"
                + step
                + "` began in "
                + DecisionRecord.place(event)
                + " although nothing had opened the gate before it: a decision was removed.");
      }
    }
  }

  private static boolean isLast(String step, StatusFold before) {
    return before.plan().lastly().stream()
        .anyMatch(each -> step.equals(each.id()) || step.startsWith(each.id() + "/"));
  }

  /** Whether both stand in one list of steps, or the gate in a group that does. */
  private static boolean isBehind(String step, String gate) {
    String above = parent(step);
    for (String each = gate; !each.isEmpty(); each = parent(each)) {
      if (parent(each).equals(above) && !each.equals(step)) {
        return true;
      }
    }
    return false;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private void altered(@org.jspecify.annotations.Nullable String step, String remark) {
    findings.add(Finding.of(Finding.Subject.RECORD, Verdict.ALTERED, step, remark));
  }
}
