package dev.backout.proof;

import dev.backout.history.HistoryReader;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.StatusFold;
import dev.backout.workflow.Decision;
import dev.backout.workflow.DecisionStatement;
import dev.backout.workflow.JudgeActivity;
import dev.backout.workflow.JudgeRequest;
import dev.backout.workflow.Judgement;
import dev.backout.workflow.RunRequest;
import dev.backout.workflow.RunbookWorkflow;
import io.temporal.api.history.v1.HistoryEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows each decision through a history, and puts together what its sender must have signed. */
final class DecisionRecords implements HistoryReader.Companion {
  static final String BY_UPDATE = "update";
  static final String BY_SIGNAL = "signal";
  static final String BY_CALLER = "caller";

  private final String planDigest;
  private final RunRequest request;
  private final List<DecisionRecord> records = new ArrayList<>();
  private final List<RunEvent.TakenOver> takenOver = new ArrayList<>();
  private final Map<String, DecisionRecord> byId = new HashMap<>();
  private final Map<String, Deque<DecisionRecord>> repetitions = new HashMap<>();
  private final Map<Long, DecisionRecord> beingJudged = new HashMap<>();
  private final Map<String, Decision> takenAlong = new HashMap<>();
  private final String namespace;

  /**
   * @param planDigest as the plan's content gives it
   * @param takenAlong decisions of earlier histories of the run, as they were sent
   * @param namespace that those must have been signed for
   */
  DecisionRecords(
      String planDigest, RunRequest request, List<Decision> takenAlong, String namespace) {
    this.planDigest = planDigest;
    this.request = request;
    this.namespace = namespace;
    takenAlong.forEach(each -> this.takenAlong.put(each.id(), each));
  }

  /** In the order in which they came. */
  List<DecisionRecord> all() {
    return List.copyOf(records);
  }

  /** One that counted in an earlier history: its judgement there is known only by what counted. */
  @Override
  public void remembers(RunEvent happened, StatusFold before) {
    if (happened instanceof RunEvent.TakenOver over) {
      takenOver.add(over);
    } else if (takenAlong.isEmpty()) {
      return; // Of a release that took none along: nothing follows from their absence.
    } else if (happened instanceof RunEvent.Decided decided) {
      TakenDecision taken = decided.decision();
      DecisionRecord record =
          remembered(
              decided.id(),
              new Judgement(null, taken.by(), taken.verified(), taken.proof()),
              decided.at(),
              before);
      record.counted = decided;
      record.askedAgain = record.asked;
    } else if (happened instanceof RunEvent.Withdrawn withdrawn) {
      DecisionRecord record =
          remembered(withdrawn.id(), Judgement.unverified(withdrawn.by()), withdrawn.at(), before);
      record.withdrawn = withdrawn;
    }
  }

  private DecisionRecord remembered(String id, Judgement judged, Instant at, StatusFold before) {
    DecisionRecord record = new DecisionRecord(id);
    records.add(record);
    Decision sent = takenAlong.get(id);
    if (sent != null) {
      Decision dated = sent.at() == null ? sent.at(at) : sent;
      DecisionStatement statement =
          DecisionStatement.of(dated, namespace, before.status()).ofPlan(planDigest);
      record.sent = sent;
      record.rebuilt = statement;
      record.asked = request(statement, sent.signature(), before);
      record.judged = judged;
      record.judgedAt = at;
    }
    return record;
  }

  @Override
  public void reads(HistoryEvent event, Optional<RunEvent> happened, StatusFold before) {
    switch (event.getEventType()) {
      case EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED -> updated(event);
      case EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED -> signalled(event);
      case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> asked(event, before);
      case EVENT_TYPE_ACTIVITY_TASK_COMPLETED -> judged(event);
      case EVENT_TYPE_ACTIVITY_TASK_FAILED ->
          notJudged(event.getActivityTaskFailedEventAttributes().getScheduledEventId());
      case EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT ->
          notJudged(event.getActivityTaskTimedOutEventAttributes().getScheduledEventId());
      case EVENT_TYPE_ACTIVITY_TASK_CANCELED ->
          notJudged(event.getActivityTaskCanceledEventAttributes().getScheduledEventId());
      case EVENT_TYPE_WORKFLOW_TASK_COMPLETED ->
          passed(event.getWorkflowTaskCompletedEventAttributes().getScheduledEventId());
      default -> happened.ifPresent(what -> happened(event, what));
    }
  }

  private void updated(HistoryEvent event) {
    var input =
        event.getWorkflowExecutionUpdateAcceptedEventAttributes().getAcceptedRequest().getInput();
    if (input.getName().equals(RunbookWorkflow.DECIDE)) {
      sent(event, BY_UPDATE, Read.first(input.getArgs(), Decision.class));
    }
  }

  private void signalled(HistoryEvent event) {
    var signal = event.getWorkflowExecutionSignaledEventAttributes();
    boolean callers = signal.getSignalName().equals(RunbookWorkflow.CALLERS_SIGNAL);
    if (callers || signal.getSignalName().equals(RunbookWorkflow.DECISION_SIGNAL)) {
      sent(event, callers ? BY_CALLER : BY_SIGNAL, Read.first(signal.getInput(), Decision.class));
    }
  }

  private void sent(HistoryEvent event, String channel, @Nullable Decision decision) {
    if (decision == null || decision.id() == null) {
      return;
    }
    DecisionRecord known = byId.get(decision.id());
    if (known != null && !known.refused) {
      // One that arrives twice counts once; if the first is refused, it is judged in its turn.
      repetitions
          .computeIfAbsent(decision.id(), id -> new ArrayDeque<>())
          .add(sent(decision, event, channel));
      return;
    }
    begun(sent(decision, event, channel));
  }

  private static DecisionRecord sent(Decision decision, HistoryEvent event, String channel) {
    DecisionRecord record = new DecisionRecord(decision.id());
    record.sent = decision;
    record.sentIn = event.getEventId();
    record.channel = channel;
    return record;
  }

  private DecisionRecord begun(DecisionRecord record) {
    records.add(record);
    byId.put(record.id, record);
    return record;
  }

  private DecisionRecord repeated(String id) {
    Deque<DecisionRecord> waiting = repetitions.getOrDefault(id, new ArrayDeque<>());
    return waiting.isEmpty() ? new DecisionRecord(id) : waiting.remove();
  }

  private void asked(HistoryEvent event, StatusFold before) {
    var scheduled = event.getActivityTaskScheduledEventAttributes();
    JudgeRequest asked =
        scheduled.getActivityType().getName().equals(JudgeActivity.TYPE)
            ? Read.first(scheduled.getInput(), JudgeRequest.class)
            : null;
    if (asked == null) {
      return;
    }
    String id = asked.statement().id();
    DecisionRecord known = byId.get(id);
    DecisionRecord record = known == null || known.asked != null ? begun(repeated(id)) : known;
    record.asked = asked;
    record.askedIn = event.getEventId();
    record.judgedAt = Read.at(event);
    record.rebuilt = rebuilt(record, asked.statement(), before);
    record.askedAgain = again(record, asked, before);
    beingJudged.put(event.getEventId(), record);
  }

  /** The namespace is the only thing that no other place of a history tells. */
  private @Nullable DecisionStatement rebuilt(
      DecisionRecord record, DecisionStatement told, StatusFold before) {
    Decision sent = record.sent;
    if (sent == null) {
      return null;
    }
    DecisionStatement stated =
        DecisionStatement.of(
            sent.at() == null ? sent.at(told.at()) : sent, told.namespace(), before.status());
    return stated.ofPlan(planDigest);
  }

  private @Nullable JudgeRequest again(
      DecisionRecord record, JudgeRequest asked, StatusFold before) {
    DecisionStatement statement = record.rebuilt;
    return statement == null ? null : request(statement, asked.signature(), before);
  }

  private JudgeRequest request(
      DecisionStatement statement, @Nullable String signature, StatusFold before) {
    Optional<Waiting> waiting = before.waitingAt(statement.step());
    return new JudgeRequest(
        statement,
        signature,
        request.plan().kind(),
        request.plan().target(),
        waiting.map(Waiting::approvers).orElse(List.of()),
        starters(before),
        waiting.map(Waiting::selfApproval).orElse(false));
  }

  private List<String> starters(StatusFold before) {
    List<String> names = new ArrayList<>(List.of(request.startedBy()));
    RunStatus.Admission own = before.status().admission();
    if (own != null && own.principal() != null) {
      names.add(own.principal());
    } else if (request.admission() != null && request.admission().principal() != null) {
      names.add(request.admission().principal());
    }
    return names.stream().distinct().toList();
  }

  private void judged(HistoryEvent event) {
    var completed = event.getActivityTaskCompletedEventAttributes();
    DecisionRecord record = beingJudged.get(completed.getScheduledEventId());
    if (record != null) {
      record.judged = Read.first(completed.getResult(), Judgement.class);
      record.judgedIn = event.getEventId();
    }
  }

  private void notJudged(long scheduled) {
    DecisionRecord record = beingJudged.get(scheduled);
    if (record != null) {
      record.notJudged = true;
    }
  }

  private void passed(long scheduled) {
    for (DecisionRecord record : records) {
      long since =
          record.judged != null ? record.judgedIn : record.asked == null ? record.sentIn : -1;
      record.passed |= since >= 0 && scheduled > since;
    }
  }

  private void happened(HistoryEvent event, RunEvent what) {
    if (what instanceof RunEvent.Decided decided) {
      DecisionRecord record = counted(decided.id(), event);
      record.counted = decided;
    } else if (what instanceof RunEvent.Withdrawn withdrawn) {
      DecisionRecord record = counted(withdrawn.id(), event);
      record.withdrawn = withdrawn;
    } else if (what instanceof RunEvent.TakenOver over) {
      takenOver.add(over);
    } else if (what instanceof RunEvent.DecisionRefused refused) {
      refused(refused);
    }
  }

  /** What became of steps in a former run, as whoever started this one says. */
  List<RunEvent.TakenOver> takenOver() {
    return List.copyOf(takenOver);
  }

  private DecisionRecord counted(String id, HistoryEvent event) {
    DecisionRecord known = byId.get(id);
    DecisionRecord record =
        known == null || known.hasCounted() ? begun(new DecisionRecord(id)) : known;
    record.countedIn = event.getEventId();
    return record;
  }

  /** A refusal does not say which it is of: the oldest of that kind that it can be. */
  private void refused(RunEvent.DecisionRefused refused) {
    records.stream()
        .filter(record -> !record.refused && !record.hasCounted())
        .filter(record -> isOf(record, refused))
        .findFirst()
        .ifPresent(record -> record.refused = true);
  }

  private static boolean isOf(DecisionRecord record, RunEvent.DecisionRefused refused) {
    Decision sent = record.sent;
    if (sent == null
        || !sent.step().equals(refused.step())
        || !sent.choice().equals(refused.choice())) {
      return false;
    }
    Judgement judged = record.judged;
    return judged == null
        ? record.asked == null || record.notJudged
        : judged.refusal() == null || judged.refusal().equals(refused.why());
  }
}
