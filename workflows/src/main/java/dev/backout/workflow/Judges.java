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
      return Workflow.newActivityStub(JudgeActivity.class, options(decision)).judge(asked);
    } catch (ActivityFailure e) {
      return Judgement.refused(
          "It could not be judged whether this counts, so it doesn't: "
              + AttemptFailure.of(e, Repeatability.READ_ONLY).message());
    }
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
