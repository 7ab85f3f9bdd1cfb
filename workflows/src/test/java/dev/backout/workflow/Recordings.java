package dev.backout.workflow;

import static dev.backout.workflow.Sketch.budgeted;
import static dev.backout.workflow.Sketch.each;
import static dev.backout.workflow.Sketch.gate;
import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.never;
import static dev.backout.workflow.Sketch.onFailure;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.reads;
import static dev.backout.workflow.Sketch.retried;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.undo;
import static dev.backout.workflow.Sketch.when;

import dev.backout.plan.PlannedStep;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs whose histories {@link ReplayTest} replays. They are recorded anew by {@code mvn -Dquick
 * -pl workflows test -Dtest=ReplayTest -Dbackout.record=true}, and only then: a history that no
 * longer replays is a run of somebody's that would break.
 */
final class Recordings {
  static final Path FOLDER = Path.of("src/test/resources/histories");

  private Recordings() {}

  /** Brings a run to its end, or to where its history is worth keeping. */
  @FunctionalInterface
  interface Recording {
    WorkflowStub play(Stage stage) throws Exception;
  }

  static Map<String, Recording> all() {
    Map<String, Recording> all = new LinkedHashMap<>();
    all.put("success", Recordings::success);
    all.put("failure-and-retry", Recordings::failureAndRetry);
    all.put("gate-escalated", Recordings::gateEscalated);
    all.put("gate-nobody", Recordings::gateNobody);
    all.put("parallel-and-each", Recordings::parallelAndEach);
    all.put("child", Recordings::child);
    all.put("cancelled", Recordings::cancelled);
    all.put("in-doubt", Recordings::inDoubt);
    all.put("doubt-settled", Recordings::doubtSettled);
    all.put("manual", Recordings::manual);
    all.put("stopped", Recordings::stopped);
    all.put("wait", Recordings::waits);
    all.put("undo", Recordings::undone);
    all.put("undo-that-fails", Recordings::undoThatFails);
    all.put("finally", Recordings::lastly);
    return all;
  }

  static void record(String name, Recording recording) throws Exception {
    try (Stage stage = new Stage()) {
      WorkflowStub run = recording.play(stage);
      write(name, stage, run);
    }
  }

  private static void write(String name, Stage stage, WorkflowStub run) throws IOException {
    Files.createDirectories(FOLDER);
    // Which process and machine recorded it is nobody's business.
    String json = stage.history(run).toJson(true).replaceAll("\\d+@[\\w.-]+", "worker");
    Files.writeString(FOLDER.resolve(name + ".json"), json + "\n");
  }

  private static WorkflowStub ended(WorkflowStub run) {
    try {
      RunResult ignored = Stage.result(run);
    } catch (WorkflowException e) {
      // A cancelled run ends so.
    }
    return run;
  }

  private static WorkflowStub success(Stage stage) {
    stage.gives("find", "{'path': '/b/1.db', 'dataAsOf': '2026-01-31T09:00:00Z'}");
    return ended(
        stage.start(
            plan(
                List.of(reads("backup", "find")),
                List.of(
                    safe("stop", "stop"),
                    budgeted(
                        safe("restore", "restore", "{'from': '${{ steps.backup.outputs.path }}'}"),
                        Duration.ofMinutes(1)),
                    when(safe("never_so", "act"), "false")))));
  }

  private static WorkflowStub failureAndRetry(Stage stage) {
    stage.fails("restart", "TRANSIENT", "Connection refused.");
    WorkflowStub run = stage.start(plan(retried(safe("restart", "restart"), 2)));
    stage.sleep(Duration.ofSeconds(10));
    stage.untilWaiting(run, "restart");
    stage.gives("restart", "{}");
    Stage.decide(run, "restart", "retry", "ada");
    return ended(run);
  }

  private static WorkflowStub gateEscalated(Stage stage) {
    WorkflowStub run = stage.start(plan(gate("agree", 2, "group:managers"), safe("stop", "stop")));
    stage.untilWaiting(run, "agree");
    Stage.decide(run, "agree", "approve", "ada");
    stage.sleep(Duration.ofMinutes(6));
    stage.until(run, s -> s.waiting().get(0).approvers().size() == 2);
    run.signal(RunbookWorkflow.DECISION_SIGNAL, Stage.decision("agree", "retry", "eve"));
    Stage.decide(run, "agree", "approve", "bob");
    return ended(run);
  }

  private static WorkflowStub gateNobody(Stage stage) {
    return ended(stage.start(plan(gate("agree", 1), safe("stop", "stop"))));
  }

  private static WorkflowStub parallelAndEach(Stage stage) {
    stage.fails("break", "PERMANENT", "No.");
    Map<String, List<PlannedStep>> branches = new LinkedHashMap<>();
    branches.put("api", List.of(safe("stop_api", "stop"), safe("drain_api", "drain")));
    branches.put("jobs", List.of(safe("stop_jobs", "break"), safe("drain_jobs", "drain")));
    WorkflowStub run =
        stage.start(
            plan(
                Sketch.step("both", new PlannedStep.Parallel(branches)),
                each("all", "['a', 'b', 'c']", 2, safe("one", "act", "{'on': '${{ it }}'}"))));
    stage.untilWaiting(run, "both/jobs/stop_jobs");
    Stage.decide(run, "both/jobs/stop_jobs", "skip", "ada");
    return ended(run);
  }

  private static WorkflowStub child(Stage stage) {
    return ended(
        stage.start(
            plan(
                Sketch.step(
                    "validate",
                    new PlannedStep.CallRunbook(plan(safe("smoke", "smoke")), json("{}"))),
                safe("next", "next"))));
  }

  private static WorkflowStub cancelled(Stage stage) {
    WorkflowStub run = stage.start(plan(safe("stop", "stop"), gate("agree", 1)));
    stage.untilWaiting(run, "agree");
    run.cancel();
    return ended(run);
  }

  private static WorkflowStub inDoubt(Stage stage) {
    stage.fails("downgrade", "UNKNOWN_OUTCOME", "The connection broke at COMMIT.");
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade"), safe("next", "next")));
    stage.untilWaiting(run, "downgrade");
    Stage.decide(run, "downgrade", "skip", "ada");
    return ended(run);
  }

  private static WorkflowStub doubtSettled(Stage stage) {
    stage.fails("downgrade", "UNKNOWN_OUTCOME", "The connection broke at COMMIT.");
    stage.gives("look", "{'version': 41}");
    stage.journal =
        attempt ->
            attempt.step().equals("first")
                ? new Settlement(Settlement.Answer.DONE, json("{'rows': 3}"), "It was noted.")
                : new Settlement(Settlement.Answer.BROKEN_OFF, null, "That process is gone.");
    WorkflowStub run =
        stage.start(
            plan(
                never("first", "downgrade"),
                Sketch.probed(never("second", "downgrade"), "look", "outputs.version == 41"),
                never("third", "downgrade")));
    stage.untilWaiting(run, "third");
    Stage.decide(run, "third", "done", "ada");
    return ended(run);
  }

  private static WorkflowStub manual(Stage stage) {
    WorkflowStub run = stage.start(plan(Sketch.manual("tell", "Call the bank", "Write it down")));
    stage.untilWaiting(run, "tell");
    Stage.decide(run, Stage.tick("tell", 2, "ada"));
    Stage.decide(run, Stage.tick("tell", 1, "bob"));
    return ended(run);
  }

  private static WorkflowStub stopped(Stage stage) {
    stage.fails("stop", "PERMANENT", "The port is still taken.");
    WorkflowStub run = stage.start(plan(safe("stop", "stop"), safe("next", "next")));
    stage.untilWaiting(run, "stop");
    Stage.decide(run, "", "stop", "ada");
    return ended(run);
  }

  private static WorkflowStub waits(Stage stage) {
    stage.does("ping", (input, call) -> json("{'ready': " + (call.attempt() == 3) + "}"));
    return ended(stage.start(plan(Sketch.waits("ready", "ping", "outputs.ready"))));
  }

  /** Of a run with a child runbook, a step in doubt, and one that stays. */
  private static WorkflowStub undone(Stage stage) {
    stage.gives("stop", "{'pid': 7}");
    stage.fails("downgrade", "UNKNOWN_OUTCOME", "The connection broke at COMMIT.");
    WorkflowStub run =
        stage.start(
            plan(
                undo(safe("stop", "stop"), "start", "{'pid': '${{ outputs.pid }}'}"),
                safe("tell", "tell"),
                Sketch.step(
                    "part",
                    new PlannedStep.CallRunbook(
                        plan(undo(safe("inner", "inner"), "uninner", "{}")), json("{}"))),
                undo(never("downgrade", "downgrade"), "upgrade", "{}")));
    stage.untilWaiting(run, "downgrade");
    Stage.decide(run, "downgrade", "undo", "ada");
    stage.untilWaiting(run, "undo:downgrade");
    Stage.decide(run, "undo:downgrade", "undo", "ada");
    return ended(run);
  }

  private static WorkflowStub undoThatFails(Stage stage) {
    stage.fails("check", "PERMANENT", "Rows are missing.").fails("start", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(
            plan(
                undo(safe("restore", "restore"), "put_back", "{}"),
                undo(safe("stop", "stop"), "start", "{}"),
                onFailure(safe("check", "check"), PlannedStep.OnFailure.UNDO)));
    stage.untilWaiting(run, "undo:stop");
    Stage.decide(run, "undo:stop", "skip", "ada");
    return ended(run);
  }

  private static WorkflowStub lastly(Stage stage) {
    stage.fails("tell", "PERMANENT", "No such channel.");
    WorkflowStub run =
        stage.start(
            Sketch.lastly(
                plan(safe("stop", "stop"), gate("agree", 1)),
                when(safe("page_off", "page_off"), "steps.agree.done"),
                safe("tell", "tell")));
    stage.untilWaiting(run, "agree");
    Stage.decide(run, "agree", "reject", "bob");
    stage.untilWaiting(run, "tell");
    Stage.decide(run, "tell", "skip", "ada");
    return ended(run);
  }
}
