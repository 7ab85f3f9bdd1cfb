package dev.backout.workflow;

import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.StepPath;
import dev.backout.history.UndoPlan;
import dev.backout.history.UndoPlan.WouldUndo;
import dev.backout.history.UndoWalk;
import dev.backout.plan.Scope;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be taken back at this moment. A child runbook takes nothing back itself: it says what
 * could be, and the run that a person started does all of it, in one order.
 */
final class TakingBack {
  private final RunRequest request;
  private final RunLog log;
  private final Map<String, UndoPlan> children = new HashMap<>();
  private @Nullable Scope start;
  private boolean open = true;

  TakingBack(RunRequest request, RunLog log) {
    this.request = request;
    this.log = log;
  }

  /** For what runs when nothing is taken back any more. */
  TakingBack closed() {
    TakingBack closed = new TakingBack(request, log);
    closed.open = false;
    return closed;
  }

  boolean isOpen() {
    return open;
  }

  Scope start() {
    Scope first = start;
    return first == null ? Scope.of(request.plan()) : first;
  }

  /** What the first step can see. */
  void from(Scope scope) {
    start = scope;
  }

  /** A child has ended, and says what of it can be taken back. */
  void carry(String path, UndoPlan ofChild) {
    children.merge(path, ofChild, (earlier, later) -> later.before(earlier));
  }

  /** What children have said so far, by their step's path. */
  Map<String, UndoPlan> carried() {
    return Map.copyOf(children);
  }

  UndoPlan plan() {
    Scope first = start;
    return first == null
        ? UndoPlan.NOTHING
        : WorkflowUnsafe.deadlockDetectorOff(() -> walked(first));
  }

  /** Of a long run that is a long walk. */
  private UndoPlan walked(Scope first) {
    return UndoWalk.of(
        request.plan(), log.status(), first, path -> Optional.ofNullable(children.get(path)));
  }

  /** The question with the choice of taking all back, where there is anything to take back. */
  Waiting offered(Waiting question) {
    List<WouldUndo> lines = open ? lines(plan()) : List.of();
    boolean any = lines.stream().anyMatch(line -> line.action() != null);
    return any ? question.offering(lines) : question;
  }

  /** The question of a checkpoint, with what a no takes back. */
  Waiting shown(Waiting question) {
    return open ? question.withUndo(lines(plan())) : question;
  }

  /** As a child runbook sees them. */
  List<WouldUndo> asAbove() {
    return lines(plan()).stream()
        .map(
            each ->
                new WouldUndo(StepPath.above(each.step()), each.name(), each.action(), each.note()))
        .toList();
  }

  List<WouldUndo> lines(UndoPlan own) {
    List<WouldUndo> lines = new ArrayList<>(own.lines());
    lines.addAll(request.above());
    return List.copyOf(lines);
  }
}
