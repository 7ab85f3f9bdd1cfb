package dev.backout.workflow;

import dev.backout.catalog.Repeatability;
import dev.backout.history.AttemptFailure;
import dev.backout.history.RunStatus.Waiting;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the worker about each decision before it counts. */
final class Judges {
  /** Decisions of runs that began under a release without it were not judged. */
  private static final String CHANGE = "judged decisions";

  /** Before, any worker of the task queue judged for all of them. */
  private static final String SAME_RULE = "judged by a policy";

  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 3;

  private final RunRequest request;
  private final RunLog log;
  private final Entrance entrance;

  Judges(RunRequest request, RunLog log, Entrance entrance) {
    this.request = request;
    this.log = log;
    this.entrance = entrance;
  }

  Judgement judge(Decision decision) {
    if (Workflow.getVersion(CHANGE, Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION) {
      return Judgement.unverified(decision.by());
    }
    Optional<Waiting> waiting = log.fold().waitingAt(decision.step());
    JudgeRequest asked =
        new JudgeRequest(
            DecisionStatement.of(dated(decision), Workflow.getInfo().getNamespace(), log.status()),
            decision.signature(),
            request.plan().kind(),
            request.plan().target(),
            waiting.map(Waiting::approvers).orElse(List.of()),
            starters(),
            waiting.map(Waiting::selfApproval).orElse(false));
    try {
      return byPolicy(
          Workflow.newActivityStub(JudgeActivity.class, options(decision)).judge(asked));
    } catch (ActivityFailure e) {
      return Judgement.refused(
          "It could not be judged whether this counts, so it doesn't: "
              + AttemptFailure.of(e, Repeatability.READ_ONLY).message());
    }
  }

  /** Of several workers one may have none, and nobody's right is proven by asking that one. */
  private Judgement byPolicy(Judgement judgement) {
    Admission admission = entrance.admission();
    boolean unruled =
        judgement.refusal() == null
            && judgement.proof() == null
            && admission != null
            && admission.isByPolicy();
    return unruled
            && Workflow.getVersion(SAME_RULE, Workflow.DEFAULT_VERSION, 1)
                != Workflow.DEFAULT_VERSION
        ? Judgement.refused(
            "A worker's policy let this run begin, and the worker that was asked about this decision"
                + " has none, so it doesn't count. Give every worker of the task queue the same"
                + " policy, and decide again.")
        : judgement;
  }

  private List<String> starters() {
    List<String> names = new ArrayList<>(List.of(request.startedBy()));
    Admission admission = entrance.admission();
    if (admission != null && admission.principal() != null) {
      names.add(admission.principal());
    }
    return names.stream().distinct().toList();
  }

  /** Only what isn't signed may come without a time. */
  private static Decision dated(Decision decision) {
    return decision.at() == null ? decision.at(RunLog.now()) : decision;
  }

  private static ActivityOptions options(Decision decision) {
    return ActivityOptions.newBuilder()
        .setStartToCloseTimeout(LONGEST)
        .setScheduleToCloseTimeout(LONGEST.multipliedBy(ATTEMPTS))
        .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(ATTEMPTS).build())
        .setSummary("May " + decision.by() + " decide " + decision.choice() + "?")
        .build();
  }
}
