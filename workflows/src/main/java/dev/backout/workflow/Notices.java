package dev.backout.workflow;

import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.Telling;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells people outside what happens in a run. In the background: nothing of the run waits for it,
 * and no cancellation reaches it. What is under way at the run's end goes on in a workflow of its
 * own.
 */
final class Notices {
  /** What nobody has asked for who sits before the run. */
  private static final Set<WaitingFor> TOLD =
      EnumSet.of(WaitingFor.CHECKPOINT, WaitingFor.FAILURE, WaitingFor.DOUBT, WaitingFor.MANUAL);

  private final RunRequest request;
  private final RunLog log;
  private final Entrance entrance;
  private final String runId;
  private final WorkflowInfo info;
  private final List<Channel> channels = new ArrayList<>();
  private final Set<Notification> underWay = new LinkedHashSet<>();
  private boolean ended;
  private int number;

  Notices(RunRequest request, RunLog log, Entrance entrance, String runId, WorkflowInfo info) {
    this.request = request;
    this.log = log;
    this.entrance = entrance;
    this.runId = runId;
    this.info = info;
    log.listen(this::happened);
  }

  /** From now on those are told whom the worker or the runbook names. */
  void begin(Optional<Continuation> from) {
    if (request.isChild()) {
      channels.addAll(request.told());
      return;
    }
    channels.addAll(entrance.channels());
    request.plan().notifications().forEach(each -> channels.add(Channel.of(each)));
    if (from.isPresent()) {
      number = from.get().told();
    } else {
      tell(Announcement.started(log.fold(), request.reason()));
    }
  }

  /** Whether nothing is being told at the moment. */
  boolean isQuiet() {
    return underWay.isEmpty();
  }

  /** How much was told so far, to whomever. */
  int told() {
    return number;
  }

  /** Whom the runbooks that it calls tell too. */
  List<Channel> channels() {
    return List.copyOf(channels);
  }

  /** A step has failed, and nobody is asked. */
  void failed(StepRun step, String failure) {
    tell(Announcement.failed(RunLog.now(), step, failure));
  }

  private void happened(RunEvent event) {
    if (channels.isEmpty()) {
      return;
    }
    if (event instanceof RunEvent.Asked asked && TOLD.contains(asked.waiting().reason())) {
      tell(Announcement.waiting(asked));
    } else if (event instanceof RunEvent.Reminded reminded) {
      tell(Announcement.reminded(reminded, waiting(reminded)));
    } else if (event instanceof RunEvent.Escalated escalated) {
      tell(Announcement.escalated(escalated, waiting(escalated)));
    } else if (event instanceof RunEvent.ObjectiveAtRisk risk) {
      tell(Announcement.atRisk(risk));
    } else if (event instanceof RunEvent.RunFinished end) {
      ended = true;
      if (!request.isChild()) {
        tell(Announcement.finished(end, log.fold()));
      }
    }
  }

  private Waiting waiting(RunEvent.OfStep event) {
    return log.fold().waitingAt(event.step()).orElseThrow();
  }

  private void tell(Announcement what) {
    List<Channel> to =
        channels.stream().filter(each -> each.wants(what.occasion(), what.asks())).toList();
    if (to.isEmpty()) {
      return;
    }
    number++;
    Sender sender =
        new Sender(
            info.getNamespace(),
            info.getWorkflowId(),
            runId,
            request.plan(),
            request.startedBy(),
            entrance.admission());
    to.forEach(each -> send(sender.notification(each, what, number, log.fold())));
  }

  private void send(Notification notification) {
    underWay.add(notification);
    if (ended) {
      return; // What begins now would end with the run.
    }
    Workflow.newDetachedCancellationScope(
            () -> {
              Promise<Void> ignored = Async.procedure(() -> deliver(notification));
            })
        .run();
  }

  private void deliver(Notification what) {
    Telling telling = new Telling(what.channel(), what.ofWorker(), what.about(), what.eventId());
    try {
      Deliveries.deliver(what);
      log.seen(new RunEvent.Told(RunLog.now(), telling));
    } catch (ActivityFailure e) {
      log.seen(new RunEvent.NotTold(RunLog.now(), telling, Telling.why(e)));
    }
    underWay.remove(what);
  }

  /** Hands over what was not told yet to a workflow that outlives the run. */
  void handOver() {
    if (!underWay.isEmpty()) {
      Workflow.newDetachedCancellationScope(() -> Successor.start(request, List.copyOf(underWay)))
          .run();
    }
  }
}
