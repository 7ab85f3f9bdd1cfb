package dev.backout.workflow;

import dev.backout.catalog.Repeatability;
import dev.backout.history.AttemptFailure;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus;
import dev.backout.plan.ExecutionPlan;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the worker whether the run may begin, before anything else. That it is asked stands in the
 * worker's own code, so that nobody who starts a run can leave it out.
 */
final class Entrance {
  /** Runs that began under a release without it go on without it. */
  private static final String CHANGE = "admission";

  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final RunRequest request;
  private final RunLog log;
  private @Nullable Admission admission;
  private List<Channel> channels = List.of();

  Entrance(RunRequest request, RunLog log) {
    this.request = request;
    this.log = log;
  }

  /** Null before it was asked, and in runs of releases that didn't ask. */
  @Nullable Admission admission() {
    return admission;
  }

  /** Whom the worker tells of this run by itself. */
  List<Channel> channels() {
    return channels;
  }

  /** Why the run may not begin, as a sentence; empty if it may. */
  Optional<String> refusal() {
    if (Workflow.getVersion(CHANGE, Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION) {
      return Optional.empty();
    }
    WorkflowInfo info = Workflow.getInfo();
    // Only the server says who the parent is; what the request says of it anybody can write.
    if (info.getParentWorkflowId().isPresent() && request.admission() != null) {
      admission = request.admission();
      return Optional.empty();
    }
    Optional<Continuation> from = Continuation.of(request, info);
    if (from.isPresent()) {
      admission = from.get().admission();
      channels = from.get().channels();
      return Optional.empty();
    }
    return ask(info);
  }

  private Optional<String> ask(WorkflowInfo info) {
    ExecutionPlan plan = request.plan();
    try {
      Admission given =
          Workflow.newLocalActivityStub(AdmissionActivity.class, options())
              .admit(
                  new AdmissionRequest(
                      info.getNamespace(),
                      info.getWorkflowId(),
                      info.getRunId(),
                      plan.kind(),
                      plan.target(),
                      plan.digest(),
                      request.startedBy(),
                      request.signature()));
      admission = given.withoutChannels();
      channels = given.channels();
      if (given.isByPolicy()) {
        log.note(new RunEvent.Admitted(RunLog.now(), told(given)));
      }
      return Optional.empty();
    } catch (ActivityFailure e) {
      String why = AttemptFailure.of(e, Repeatability.READ_ONLY).message();
      log.note(new RunEvent.Admitted(RunLog.now(), refused(why)));
      return Optional.of(why);
    }
  }

  private static RunStatus.Admission told(Admission given) {
    return new RunStatus.Admission(
        given.principal(), given.verified(), given.key(), given.policyHash(), null);
  }

  private RunStatus.Admission refused(String why) {
    return new RunStatus.Admission(request.startedBy(), false, null, null, why);
  }

  private static LocalActivityOptions options() {
    return LocalActivityOptions.newBuilder()
        .setStartToCloseTimeout(LONGEST)
        .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
        .build();
  }
}
