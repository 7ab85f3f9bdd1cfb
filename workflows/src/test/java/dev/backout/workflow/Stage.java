package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.plan.ExecutionPlan;
import io.temporal.activity.Activity;
import io.temporal.activity.DynamicActivity;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A server with time skipping, a worker, and actions that do what a test says. */
public final class Stage implements AutoCloseable {

  /** What an action does in a test. */
  @FunctionalInterface
  public interface Act {
    @Nullable Object run(JsonNode input, StepCall call) throws Exception;
  }

  public record Call(String action, JsonNode input, StepCall call) {}

  private final TestWorkflowEnvironment server;
  private final Map<String, Act> acts = new ConcurrentHashMap<>();
  public final List<Call> calls = new CopyOnWriteArrayList<>();
  public final RunStarter starter;

  /** What the worker's policy says; without one everybody may begin. */
  public volatile JudgeActivity judge = request -> Judgement.unverified(request.statement().by());

  public volatile AdmissionActivity admission =
      request ->
          new Admission(
              request.startedBy(),
              false,
              null,
              request.kind(),
              request.target(),
              Admission.NO_POLICY);

  /** Everything that receivers outside were told. */
  public final List<Notification> told = new CopyOnWriteArrayList<>();

  public volatile NotifyActivity receiver = told::add;

  /** What the worker's journal says of an attempt in doubt. */
  public volatile SettleActivity journal =
      attempt -> new Settlement(Settlement.Answer.UNKNOWN, null, "The journal has no note of it.");

  public Stage() {
    server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder().setDataConverter(Payloads.CONVERTER).build())
                .build());
    Worker worker =
        server.newWorker(
            RunStarter.DEFAULT_TASK_QUEUE,
            // As the real one: a busy machine takes its time for what is loaded first.
            WorkerOptions.newBuilder().setDefaultDeadlockDetectionTimeout(20_000).build());
    worker.registerWorkflowImplementationTypes(
        RunbookWorkflowImpl.class, PreviewWorkflowImpl.class, NotificationWorkflowImpl.class);
    worker.registerActivitiesImplementations(
        (DynamicActivity) this::act,
        (AdmissionActivity) request -> admission.admit(request),
        (NotifyActivity) notification -> receiver.tell(notification),
        (SettleActivity) attempt -> journal.settle(attempt),
        (JudgeActivity) request -> judge.judge(request));
    server.start();
    starter = new RunStarter(client(), RunStarter.DEFAULT_TASK_QUEUE);
  }

  public WorkflowClient client() {
    return server.getWorkflowClient();
  }

  public TestWorkflowEnvironment server() {
    return server;
  }

  /** What an action gives, whatever its input. */
  public Stage gives(String action, String json) {
    return does(action, (input, call) -> Sketch.json(json));
  }

  public Stage does(String action, Act act) {
    acts.put(action, act);
    return this;
  }

  public Stage fails(String action, String kind, String message) {
    return does(
        action,
        (input, call) -> {
          throw failure(kind, message);
        });
  }

  public static ApplicationFailure failure(String kind, String message) {
    return kind.equals("TRANSIENT")
        ? ApplicationFailure.newFailure(message, kind)
        : ApplicationFailure.newNonRetryableFailure(message, kind);
  }

  private @Nullable Object act(EncodedValues args) {
    String action = Activity.getExecutionContext().getInfo().getActivityType();
    JsonNode input = args.get(0, JsonNode.class);
    StepCall call = args.get(1, StepCall.class);
    calls.add(new Call(action, input, call));
    Act act = acts.getOrDefault(action, (i, c) -> Sketch.json("{}"));
    try {
      return act.run(input, call);
    } catch (Exception e) {
      throw Activity.wrap(e);
    }
  }

  public WorkflowStub start(ExecutionPlan plan) {
    try {
      WorkflowExecution run =
          starter.start(new RunRequest(plan, "ada", "orders fail", null, false));
      return client()
          .newUntypedWorkflowStub(
              run.getWorkflowId(), Optional.of(run.getRunId()), Optional.empty());
    } catch (TargetHeldException e) {
      throw new AssertionError(e);
    }
  }

  public RunResult run(ExecutionPlan plan) {
    return result(start(plan));
  }

  public static RunResult result(WorkflowStub run) {
    return run.getResult(RunResult.class);
  }

  public static RunStatus status(WorkflowStub run) {
    return run.query(RunbookWorkflow.STATUS, RunStatus.class);
  }

  /** The status once it is as wanted. */
  public RunStatus until(WorkflowStub run, Predicate<RunStatus> wanted) {
    for (int i = 0; i < 400; i++) {
      RunStatus status = status(run);
      if (wanted.test(status)) {
        return status;
      }
      pause();
    }
    throw new AssertionError("still " + status(run));
  }

  public RunStatus untilWaiting(WorkflowStub run, String step) {
    return until(run, s -> s.waiting().stream().anyMatch(w -> w.step().equals(step)));
  }

  private static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public static Decision decision(String step, String choice, String by) {
    return new Decision(
        java.util.UUID.randomUUID().toString(), step, choice, by, "because " + choice, null, null);
  }

  public static Decision tick(String step, int item, String by) {
    return new Decision(
        java.util.UUID.randomUUID().toString(),
        step,
        "tick",
        by,
        null,
        null,
        null,
        Details.tick(item));
  }

  public static RunStatus decide(WorkflowStub run, Decision decision) {
    return run.update(RunbookWorkflow.DECIDE, RunStatus.class, decision);
  }

  public static RunStatus decide(WorkflowStub run, String step, String choice, String by) {
    return decide(run, decision(step, choice, by));
  }

  public static StepStatus step(RunStatus status, String path) {
    return find(status.steps(), path)
        .or(() -> find(status.preflight(), path))
        .orElseThrow(() -> new AssertionError(path + " is not in " + status.steps()));
  }

  private static Optional<StepStatus> find(List<StepStatus> steps, String path) {
    for (StepStatus step : steps) {
      if (step.path().equals(path)) {
        return Optional.of(step);
      }
      Optional<StepStatus> below = find(step.children(), path);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }

  public WorkflowExecutionHistory history(WorkflowStub run) {
    return client().fetchHistory(run.getExecution().getWorkflowId(), run.getExecution().getRunId());
  }

  /** Asserts that the history tells the same status as the workflow; only its clock is finer. */
  public RunStatus sameInHistory(WorkflowStub run) {
    RunStatus live = status(run);
    RunStatus told = timeline(run).status();
    org.junit.jupiter.api.Assertions.assertEquals(
        withoutTimes(live).toPrettyString(), withoutTimes(told).toPrettyString());
    return told;
  }

  public dev.backout.history.Timeline timeline(WorkflowStub run) {
    return new dev.backout.history.HistoryReader(Payloads.CONVERTER).read(history(run));
  }

  private static final java.util.Set<String> TIMES =
      java.util.Set.of("startedAt", "finishedAt", "incidentAt", "since", "deadline", "at", "dueAt");

  private static JsonNode withoutTimes(Object value) {
    JsonNode json = dev.backout.plan.Json.MAPPER.valueToTree(value);
    hideTimes(json);
    return json;
  }

  private static void hideTimes(JsonNode json) {
    if (json instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
      TIMES.stream().filter(object::has).forEach(time -> object.put(time, "then"));
    }
    json.forEach(Stage::hideTimes);
  }

  public List<String> actions() {
    return calls.stream().map(Call::action).toList();
  }

  public void sleep(Duration duration) {
    server.sleep(duration);
  }

  @Override
  public void close() {
    server.close();
  }
}
