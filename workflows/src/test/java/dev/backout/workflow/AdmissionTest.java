package dev.backout.workflow;

import static dev.backout.workflow.Sketch.gate;
import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.reads;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Stage.decide;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.Proof;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.Timeline;
import dev.backout.plan.PlannedStep;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowStub;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private void refuses(String why) {
    stage.admission =
        request -> {
          throw Stage.failure("NOT_ALLOWED", why);
        };
  }

  private static Admission byPolicy(AdmissionRequest request) {
    return new Admission(
        request.startedBy(), true, "SHA256:abc", request.kind(), request.target(), "sha256:policy");
  }

  @Test
  void a_run_that_may_not_begin_fails_before_its_preflight() {
    refuses("ada may not start it.");

    WorkflowStub run =
        stage.start(plan(List.of(reads("backup", "find")), List.of(safe("stop", "stop"))));
    RunResult result = Stage.result(run);

    assertEquals(RunState.FAILED, result.state());
    assertEquals("Not allowed: ada may not start it.", result.outcome());
    assertEquals(List.of(), stage.calls, "nothing was touched");
    RunStatus told = stage.sameInHistory(run);
    assertTrue(told.wasRefused());
    assertEquals(StepState.PENDING, Stage.step(told, "backup").state());
    assertEquals(
        "The worker's policy did not let it begin: ada may not start it.",
        stage.timeline(run).entries().get(1).text());
  }

  @Test
  void whatever_keeps_the_worker_from_answering_keeps_the_run_from_beginning() {
    stage.admission =
        request -> {
          throw new IllegalStateException("out of memory");
        };

    RunResult result = stage.run(plan(safe("stop", "stop")));

    assertEquals(RunState.FAILED, result.state());
    assertEquals(List.of(), stage.calls);
  }

  @Test
  void the_worker_is_asked_about_this_run_and_its_plan() {
    List<AdmissionRequest> asked = new ArrayList<>();
    stage.admission =
        request -> {
          asked.add(request);
          return byPolicy(request);
        };

    WorkflowStub run = stage.start(plan(safe("stop", "stop")));
    RunResult ignored = Stage.result(run);

    assertEquals(1, asked.size());
    AdmissionRequest request = asked.get(0);
    assertEquals("ada", request.startedBy());
    assertEquals("emergency", request.kind());
    assertEquals("shop", request.target());
    assertEquals("sha256:0", request.planDigest());
    assertEquals(run.getExecution().getRunId(), request.runId());
    assertEquals("backout/shop", request.workflowId());
    assertNull(request.signature());
  }

  @Test
  void what_the_policy_said_goes_with_every_act_and_into_the_history() {
    stage.admission = AdmissionTest::byPolicy;

    WorkflowStub run = stage.start(plan(safe("stop", "stop")));
    RunResult ignored = Stage.result(run);

    Admission admission = stage.calls.get(0).call().admission();
    assertNotNull(admission);
    assertEquals("sha256:policy", admission.policyHash());
    RunStatus.Admission told = stage.sameInHistory(run).admission();
    assertNotNull(told);
    assertEquals("SHA256:abc", told.key());
    assertEquals("sha256:policy", told.policyHash());
    Timeline timeline = stage.timeline(run);
    assertEquals(
        "The worker's policy let ada, whose signature holds, start it.",
        timeline.entries().get(1).text());
  }

  @Test
  void
      a_decision_that_a_worker_without_a_policy_judges_does_not_count_where_a_policy_let_the_run_begin()
          throws Exception {
    stage.admission = AdmissionTest::byPolicy;
    WorkflowStub run = stage.start(plan(gate("agree", 1)));
    stage.untilWaiting(run, "agree");

    WorkflowException refused =
        assertThrows(WorkflowException.class, () -> decide(run, "agree", "approve", "bob"));
    assertTrue(refused.getCause().getMessage().contains("has none"), "" + refused.getCause());
    stage.judge =
        request ->
            new Judgement(
                null,
                request.statement().by(),
                false,
                new Proof("sha256:policy", List.of(), 1, null, null, null));
    decide(run, "agree", "approve", "bob");

    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(1, Stage.step(stage.sameInHistory(run), "agree").decisions().size());
  }

  @Test
  void without_a_policy_nothing_is_said_of_it() {
    WorkflowStub run = stage.start(plan(safe("stop", "stop")));
    RunResult ignored = Stage.result(run);

    assertNull(stage.sameInHistory(run).admission());
    Admission admission = stage.calls.get(0).call().admission();
    assertNotNull(admission);
    assertEquals(Admission.NO_POLICY, admission.policyHash());
  }

  @Test
  void a_child_runbook_is_admitted_with_its_parent() {
    List<AdmissionRequest> asked = new ArrayList<>();
    stage.admission =
        request -> {
          asked.add(request);
          return byPolicy(request);
        };

    RunResult result =
        stage.run(
            plan(
                Sketch.step(
                    "validate",
                    new PlannedStep.CallRunbook(plan(safe("smoke", "smoke")), json("{}")))));

    assertEquals(RunState.SUCCEEDED, result.state());
    assertEquals(1, asked.size());
    Admission admission = stage.calls.get(0).call().admission();
    assertNotNull(admission);
    assertEquals("sha256:policy", admission.policyHash());
  }

  @Test
  void who_claims_to_be_a_child_without_a_parent_is_asked_about_all_the_same() throws Exception {
    refuses("mallory may not.");
    Admission forged =
        new Admission("ada", true, "SHA256:abc", "emergency", "shop", "sha256:policy");
    var started =
        stage.starter.start(
            new RunRequest(plan(safe("stop", "stop")), "mallory", null, null, false)
                .withAdmission(forged));

    RunResult result =
        stage
            .client()
            .newUntypedWorkflowStub(
                started.getWorkflowId(), Optional.of(started.getRunId()), Optional.empty())
            .getResult(RunResult.class);

    assertEquals("Not allowed: mallory may not.", result.outcome());
    assertEquals(List.of(), stage.calls);
  }
}
