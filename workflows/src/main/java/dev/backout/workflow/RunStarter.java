package dev.backout.workflow;

import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlanSize;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts runs and previews on a server. */
public final class RunStarter {
  public static final String DEFAULT_TASK_QUEUE = "backout";

  /** What the memo of a run holds besides: readable by {@code describe} without its history. */
  public static final String MEMO_RUNBOOK = "runbook";

  public static final String MEMO_KIND = "kind";
  public static final String MEMO_TARGET = "target";
  public static final String MEMO_SUMMARY = "summary";
  public static final String MEMO_PLAN_DIGEST = "planDigest";
  public static final String MEMO_STARTED_BY = "startedBy";

  /** Of a run that has gone on in a new history: the id of its first, by which it is known. */
  public static final String MEMO_RUN = "run";

  /** Of the same when it began. */
  public static final String MEMO_STARTED_AT = "startedAt";

  private final WorkflowClient client;
  private final String taskQueue;

  /** The client must use {@link dev.backout.history.Payloads#CONVERTER}, or one around it. */
  public RunStarter(WorkflowClient client, String taskQueue) {
    this.client = client;
    this.taskQueue = taskQueue;
  }

  /** The workflow id of a target's runs. */
  public static String workflowId(String target) {
    return "backout/" + target;
  }

  /**
   * Starts a run and returns at once.
   *
   * @throws TargetHeldException if the target has a run under way
   * @throws IllegalArgumentException if the plan is larger than a run can take
   */
  public WorkflowExecution start(RunRequest request) throws TargetHeldException {
    refuseTooLarge(request.plan());
    String target = request.plan().target();
    WorkflowStub stub = client.newUntypedWorkflowStub(RunbookWorkflow.TYPE, options(request));
    try {
      return stub.start(request);
    } catch (WorkflowExecutionAlreadyStarted e) {
      throw held(target, e.getExecution());
    }
  }

  /**
   * What the plan would do, asked of the worker now; returns when it has answered.
   *
   * @throws PreviewException if it can't answer
   */
  public PlanPreview preview(ExecutionPlan plan) {
    refuseTooLarge(plan);
    WorkflowOptions options =
        WorkflowOptions.newBuilder()
            .setTaskQueue(taskQueue)
            .setStaticSummary("Preview of " + plan.runbook())
            .setWorkflowRunTimeout(PendingPreview.LONGEST)
            .build();
    WorkflowStub preview = client.newUntypedWorkflowStub(PreviewWorkflow.TYPE, options);
    WorkflowExecution unused = preview.start(plan);
    return new PendingPreview(client, preview, taskQueue).await();
  }

  /** The compiler says so too; a plan may come from elsewhere. */
  private static void refuseTooLarge(ExecutionPlan plan) {
    PlanSize.refusal(plan)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why + ".");
            });
  }

  private WorkflowOptions options(RunRequest request) {
    ExecutionPlan plan = request.plan();
    WorkflowOptions.Builder options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(workflowId(plan.target()))
            .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
            .setTaskQueue(taskQueue)
            .setStaticSummary(plan.runbook() + ": " + plan.summary())
            .setMemo(memo(request));
    if (request.searchAttributes()) {
      options.setTypedSearchAttributes(SearchFields.of(plan));
    }
    return options.build();
  }

  static Map<String, Object> memo(RunRequest request) {
    ExecutionPlan plan = request.plan();
    Map<String, Object> memo = new LinkedHashMap<>();
    memo.put(MEMO_RUNBOOK, plan.runbook());
    memo.put(MEMO_KIND, plan.kind());
    memo.put(MEMO_TARGET, plan.target());
    memo.put(MEMO_SUMMARY, plan.summary());
    memo.put(MEMO_PLAN_DIGEST, plan.digest());
    memo.put(MEMO_STARTED_BY, request.startedBy());
    return memo;
  }

  private TargetHeldException held(String target, WorkflowExecution holder) {
    try {
      WorkflowExecutionDescription run =
          client.newUntypedWorkflowStub(workflowId(target)).describe();
      String first = text(run, MEMO_RUN);
      String since = text(run, MEMO_STARTED_AT);
      return new TargetHeldException(
          target,
          text(run, MEMO_RUNBOOK),
          first == null ? run.getExecution().getRunId() : first,
          since == null ? run.getStartTime() : Instant.parse(since),
          text(run, MEMO_STARTED_BY));
    } catch (WorkflowServiceException e) {
      String runId = holder.getRunId().isEmpty() ? null : holder.getRunId();
      return new TargetHeldException(target, null, runId, null, null);
    }
  }

  private static @Nullable String text(WorkflowExecutionDescription run, String key) {
    return run.getMemo(key, String.class) instanceof String text ? text : null;
  }
}
