package dev.backout.workflow;

import dev.backout.history.Choices;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Tick;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.StepPath;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where decisions come in: checks them, counts them, wakes what waited. */
final class Desk {
  private static final Set<String> OF_A_CALLER =
      Set.of(Choices.STOP, Choices.PAUSE, Choices.CONTINUE);

  private final RunLog log;
  private final Judges judges;
  private Ending ending;
  private final Set<String> seen = new HashSet<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final Set<String> beingJudged = new HashSet<>();
  private final Map<String, Decision> answers = new HashMap<>();

  Desk(RunLog log, Judges judges, Ending ending) {
    this.log = log;
    this.judges = judges;
    this.ending = ending;
  }

  /** As they came in earlier histories of the run. */
  void goOn(Continuation from) {
    seen.addAll(from.taken());
    decisions.addAll(from.decisions());
  }

  /** The ids of decisions that have come in. */
  Set<String> taken() {
    return Set.copyOf(seen);
  }

  /** Those that counted, in their order. */
  List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /** From now on this is what a decision to stop ends: what it ended before has ended. */
  void heed(Ending next) {
    ending = next;
  }

  /** Why the decision would be refused, as a sentence for whoever sent it; empty if it counts. */
  Optional<String> refusal(Decision decision) {
    return seen.contains(decision.id()) ? Optional.empty() : Refusal.of(decision, log.fold());
  }

  /**
   * Takes it into account; one that came before, or makes no sense, or may not be taken by whoever
   * sent it, changes nothing.
   *
   * @return why it was refused; empty if it counts
   */
  Optional<String> take(Decision sent) {
    // A copy that somebody has altered and sent first must not make the true one a repetition.
    Workflow.await(() -> !beingJudged.contains(sent.id()));
    if (!seen.add(sent.id())) {
      return Optional.empty();
    }
    Optional<String> senseless = Refusal.of(sent, log.fold());
    if (senseless.isPresent()) {
      return refused(sent, senseless.get());
    }
    Judgement judgement = judged(sent);
    if (judgement.refusal() != null) {
      return refused(sent, judgement.refusal());
    }
    Decision decision = sent.by(judgement.principal());
    // Others may have decided in the meantime.
    Optional<String> late = Refusal.of(decision, log.fold());
    if (late.isPresent()) {
      return refused(decision, late.get());
    }
    decisions.add(sent);
    count(decision, judgement);
    return Optional.empty();
  }

  private Judgement judged(Decision sent) {
    beingJudged.add(sent.id());
    try {
      return judges.judge(sent);
    } finally {
      beingJudged.remove(sent.id());
    }
  }

  /** One of the run as a whole that was judged where it was taken: in the run that called it. */
  void takeJudged(Decision decision) {
    boolean isOfTheRun =
        decision.step().equals(StepPath.RUN) && OF_A_CALLER.contains(decision.choice());
    if (isOfTheRun && seen.add(decision.id()) && Refusal.of(decision, log.fold()).isEmpty()) {
      count(decision, Judgement.unverified(decision.by()));
    }
  }

  private Optional<String> refused(Decision decision, String why) {
    seen.remove(decision.id());
    log.note(
        new RunEvent.DecisionRefused(
            RunLog.now(), decision.step(), decision.choice(), decision.by(), why));
    return Optional.of(why);
  }

  private void count(Decision decision, Judgement judgement) {
    if (decision.choice().equals(Choices.WITHDRAW)) {
      log.note(
          new RunEvent.Withdrawn(
              RunLog.now(), decision.id(), decision.step(), decision.by(), decision.reason()));
      return;
    }
    TakenDecision taken = taken(decision, judgement);
    boolean settles = settles(taken);
    if (settles) {
      answers.put(decision.step(), decision);
    }
    if (decision.choice().equals(Choices.STOP)) {
      ending.set(RunState.STOPPED, "Stopped by " + said(decision), decision.by());
    }
    if (decision.choice().equals(Choices.STOP_NOW)) {
      ending.set(RunState.STOPPED, "Stopped at once by " + said(decision), decision.by());
      // Before anything is written: that lets the steps go on, which must see both at once.
      ending.interrupt();
    }
    if (decision.choice().equals(Choices.UNDO) && !StepPath.isUndo(decision.step())) {
      ending.setUndo(RunState.STOPPED, "Undo was decided by " + said(decision), decision.by());
    }
    log.note(new RunEvent.Decided(RunLog.now(), decision.id(), taken, settles));
  }

  /** Whether no further step may begin. */
  boolean isPaused() {
    return log.fold().isPaused();
  }

  /** Waits until it is decided, or the run is to end: then empty. */
  Optional<Decision> ask(Waiting question) {
    open(question);
    Workflow.await(() -> answers.containsKey(question.step()) || ending.isSet());
    return Optional.ofNullable(answers.get(question.step()));
  }

  void open(Waiting question) {
    answers.remove(question.step());
    log.note(new RunEvent.Asked(question.since(), question));
  }

  /** The same with a limit; empty also when that has passed. */
  Optional<Decision> answer(String step, Duration limit) {
    boolean ignored = Workflow.await(limit, () -> answers.containsKey(step) || ending.isSet());
    return Optional.ofNullable(answers.get(step));
  }

  private boolean settles(TakenDecision taken) {
    if (taken.choice().equals(Choices.TICK)) {
      Waiting list = log.fold().waitingAt(taken.step()).orElseThrow();
      return list.decided().size() + 1 >= list.items().size();
    }
    if (!taken.choice().equals(Choices.APPROVE)) {
      return !taken.step().equals(StepPath.RUN) || log.fold().waitingAt(StepPath.RUN).isPresent();
    }
    Waiting waiting = log.fold().waitingAt(taken.step()).orElseThrow();
    List<TakenDecision> approvals = new ArrayList<>(waiting.decided());
    approvals.add(taken);
    return Quorum.isMet(waiting, approvals);
  }

  private TakenDecision taken(Decision decision, Judgement judgement) {
    return new TakenDecision(
        decision.step(),
        decision.choice(),
        decision.by(),
        decision.reason(),
        decision.at() == null ? RunLog.now() : decision.at(),
        judgement.verified(),
        tick(decision),
        judgement.proof(),
        null);
  }

  private @Nullable Tick tick(Decision decision) {
    Optional<Waiting> waiting = log.fold().waitingAt(decision.step());
    Optional<Integer> item = Details.item(decision);
    return decision.choice().equals(Choices.TICK) && waiting.isPresent() && item.isPresent()
        ? new Tick(
            item.get(),
            waiting.get().items().get(item.get() - 1),
            Details.file(decision),
            Details.sha256(decision))
        : null;
  }

  static String said(Decision decision) {
    String reason = decision.reason();
    return decision.by() + (reason == null || reason.isBlank() ? "." : ": " + reason);
  }

  static Waiting question(WaitingFor reason, String step, String question, List<String> choices) {
    return new Waiting(
        step, reason, question, choices, List.of(), 1, List.of(), RunLog.now(), null, null);
  }

  /** What somebody goes through by hand. */
  static Waiting checklist(String step, String name, List<String> items) {
    return question(
            WaitingFor.MANUAL,
            step,
            name
                + ": do this by hand, and `tick` each item as it is done. `skip` goes on without"
                + " the rest, `stop` ends the run here.",
            List.of(Choices.STOP, Choices.SKIP, Choices.TICK))
        .withItems(items);
  }

  /** Who is asked first, how many of them, and until when. */
  static Waiting gate(
      String step,
      String question,
      List<String> approvers,
      int quorum,
      Duration limit,
      @Nullable String onDeadline) {
    return new Waiting(
        step,
        WaitingFor.CHECKPOINT,
        question,
        List.of(Choices.REJECT, Choices.APPROVE),
        approvers,
        quorum,
        List.of(),
        RunLog.now(),
        RunLog.now().plus(limit),
        onDeadline);
  }
}
