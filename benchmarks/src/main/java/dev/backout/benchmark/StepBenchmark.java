package dev.backout.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionRegistry;
import dev.backout.action.Journal;
import dev.backout.action.StepCall;
import dev.backout.catalog.ActionCatalog;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus.RunState;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Json;
import dev.backout.plan.RunbookCompiler;
import dev.backout.runbook.RunbookParser;
import dev.backout.runbook.SourceText;
import dev.backout.server.InMemoryServer;
import dev.backout.worker.SqliteJournal;
import dev.backout.workflow.Admission;
import dev.backout.workflow.AdmissionActivity;
import dev.backout.workflow.AdmissionRequest;
import dev.backout.workflow.RunRequest;
import dev.backout.workflow.RunResult;
import dev.backout.workflow.RunbookWorkflow;
import dev.backout.workflow.RunbookWorkflowImpl;
import io.temporal.activity.Activity;
import io.temporal.activity.DynamicActivity;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.converter.EncodedValues;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a step costs: runs of steps that do nothing, by a workflow that is written by hand and by
 * the interpreter, with the same activity on the same in-memory server; and what the journal's
 * notes add, before and after each act.
 */
public final class StepBenchmark implements AutoCloseable {
  private static final int ROUNDS_OF_FEW = 15;
  private static final int ROUNDS_OF_MANY = 5;
  private static final String QUEUE = "step-benchmark";
  private static final Journal NO_JOURNAL = (call, action, repeatable) -> outcome -> {};

  private final InMemoryServer server;
  private final WorkflowServiceStubs stubs;
  private final WorkerFactory factory;
  private final WorkflowClient client;
  private volatile Journal journal = NO_JOURNAL;
  private volatile boolean repeatable = true;

  private StepBenchmark() throws IOException {
    this.server = InMemoryServer.start();
    this.stubs = server.stubs();
    this.client =
        WorkflowClient.newInstance(
            stubs, WorkflowClientOptions.newBuilder().setDataConverter(Payloads.CONVERTER).build());
    this.factory = WorkerFactory.newInstance(client);
    Worker worker = factory.newWorker(QUEUE);
    worker.registerWorkflowImplementationTypes(RunbookWorkflowImpl.class, ByHandImpl.class);
    worker.registerActivitiesImplementations(new Everybody(), (DynamicActivity) this::doNothing);
    factory.start();
  }

  public static void main(String[] args) throws Exception {
    Path home = Files.createTempDirectory("step-benchmark-");
    try (StepBenchmark benchmark = new StepBenchmark();
        SqliteJournal journal = SqliteJournal.open(home.resolve("journal.db"))) {
      benchmark.compare(20, ROUNDS_OF_FEW, journal);
      benchmark.compare(1_000, ROUNDS_OF_MANY, journal);
    }
    System.exit(0);
  }

  private void compare(int steps, int rounds, Journal noted) throws Exception {
    ExecutionPlan plan = plan(steps);
    Map<String, Comparison.Contender> contenders = new LinkedHashMap<>();
    contenders.put("workflow written by hand", () -> byHand(steps));
    contenders.put("runbook", () -> runbook(plan, NO_JOURNAL, true));
    contenders.put("runbook, acts noted in the journal", () -> runbook(plan, noted, true));
    contenders.put(
        "runbook, acts that must not be repeated, noted durably",
        () -> runbook(plan, noted, false));
    new Comparison(steps + " steps that do nothing, in-memory server", rounds, contenders)
        .run(System.out);
  }

  private Duration byHand(int steps) {
    journal = NO_JOURNAL;
    ByHand workflow = client.newWorkflowStub(ByHand.class, options());
    long began = System.nanoTime();
    int done = workflow.run(steps, input());
    require(done == steps, "the workflow did " + done + " steps");
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private Duration runbook(ExecutionPlan plan, Journal with, boolean safe) {
    journal = with;
    repeatable = safe;
    RunbookWorkflow workflow = client.newWorkflowStub(RunbookWorkflow.class, options());
    long began = System.nanoTime();
    RunResult result = workflow.run(new RunRequest(plan, "benchmark", null, null, false));
    require(result.state() == RunState.SUCCEEDED, result.outcome());
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** A contender that is fast because it did not do the work must not count. */
  private static void require(boolean holds, String found) {
    if (!holds) {
      throw new IllegalStateException(found);
    }
  }

  private static WorkflowOptions options() {
    return WorkflowOptions.newBuilder()
        .setTaskQueue(QUEUE)
        .setWorkflowId(UUID.randomUUID().toString())
        .build();
  }

  private static JsonNode input() {
    return Json.MAPPER.createObjectNode().put("path", "/").put("free", 1);
  }

  private JsonNode doNothing(EncodedValues arguments) {
    JsonNode input = arguments.get(0, JsonNode.class);
    StepCall call = arguments.get(1, StepCall.class);
    String action = Activity.getExecutionContext().getInfo().getActivityType();
    try {
      Journal.Act act = journal.begin(call, action, repeatable);
      JsonNode output =
          Json.MAPPER
              .createObjectNode()
              .put("free", input.get("free").asLong())
              .put("total", 2)
              .put("freePercent", 50.0);
      act.end(new Journal.Done(null));
      return output;
    } catch (ActionException e) {
      throw Activity.wrap(e);
    }
  }

  private static ExecutionPlan plan(int steps) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: backout/v1
            kind: planned
            name: nothing
            summary: Does nothing, often.
            target: nothing
            steps:
            """);
    for (int i = 0; i < steps; i++) {
      text.append("  - { id: s")
          .append(i)
          .append(", uses: disk.check, with: { path: /, free: 1 } }\n");
    }
    try (InputStream catalog = ActionRegistry.catalog()) {
      RunbookCompiler compiler =
          new RunbookCompiler(ActionCatalog.read(catalog), file -> Optional.empty());
      return compiler
          .compile(RunbookParser.parse(new SourceText("nothing.yaml", text.toString())), Map.of())
          .plan()
          .orElseThrow();
    }
  }

  /** Lets every run begin, as a worker without a policy does. */
  private static final class Everybody implements AdmissionActivity {
    @Override
    public Admission admit(AdmissionRequest request) {
      return new Admission("benchmark", false, null, "planned", "nothing", Admission.NO_POLICY);
    }
  }

  @Override
  public void close() {
    factory.shutdownNow();
    stubs.shutdownNow();
    server.close();
  }
}
