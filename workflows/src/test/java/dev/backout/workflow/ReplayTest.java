package dev.backout.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus;
import dev.backout.plan.Json;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that began under an earlier release must go on under this one, and be read as they were. */
class ReplayTest {
  private static final boolean RECORD = Boolean.getBoolean("backout.record");

  @BeforeAll
  static void recordIfAskedTo() throws Exception {
    if (RECORD) {
      for (Map.Entry<String, Recordings.Recording> each : Recordings.all().entrySet()) {
        Recordings.record(each.getKey(), each.getValue());
      }
    }
  }

  /** Loading CEL on a busy machine takes longer than the replayer's deadlock detector allows. */
  @BeforeAll
  static void loadExpressions() {
    assertTrue(dev.backout.plan.Scope.of(Sketch.plan()).test("inputs.home == '/srv/shop'"));
  }

  static Stream<String> names() {
    return Recordings.all().keySet().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void a_recorded_run_replays(String name) throws Exception {
    WorkflowExecutionHistory history = history(name);
    try (TestWorkflowEnvironment server = server()) {
      Worker worker = server.newWorker("replay");
      worker.registerWorkflowImplementationTypes(RunbookWorkflowImpl.class);
      WorkflowReplayer.replayWorkflowExecution(history, worker);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void a_recorded_run_is_read_as_it_was(String name) throws Exception {
    Path expected = Recordings.FOLDER.resolve(name + ".status.txt");
    RunStatus status = new HistoryReader(Payloads.CONVERTER).read(history(name)).status();
    String text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(status) + "\n";
    if (RECORD) {
      Files.writeString(expected, text);
    }
    assertEquals(Files.readString(expected), text);
  }

  @Test
  void a_changed_history_does_not_replay() throws Exception {
    String json = history("success").toJson(true).replace("\"stop\"", "\"halt\"");
    assertTrue(json.contains("halt"));
    try (TestWorkflowEnvironment server = server()) {
      Worker worker = server.newWorker("replay");
      worker.registerWorkflowImplementationTypes(RunbookWorkflowImpl.class);
      assertThrows(
          RuntimeException.class,
          () ->
              WorkflowReplayer.replayWorkflowExecution(
                  WorkflowExecutionHistory.fromJson(json, "backout/shop"), worker));
    }
  }

  private static WorkflowExecutionHistory history(String name) throws Exception {
    Path file = Recordings.FOLDER.resolve(name + ".json");
    return WorkflowExecutionHistory.fromJson(Files.readString(file), "backout/shop");
  }

  private static TestWorkflowEnvironment server() {
    return TestWorkflowEnvironment.newInstance(
        TestEnvironmentOptions.newBuilder()
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder().setDataConverter(Payloads.CONVERTER).build())
            .build());
  }
}
