package dev.backout.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.archive.RunSummary;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;
import dev.backout.history.Prediction;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.DueFollowUp;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.RunStatusBuilder;
import dev.backout.history.RunStatusStepStatusBuilder;
import dev.backout.history.Timeline;
import dev.backout.history.Timeline.Entry;
import dev.backout.history.Timeline.Objective;
import dev.backout.plan.ActionUse;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.ExecutionPlanBuilder;
import dev.backout.plan.PlannedStep;
import dev.backout.workflow.PlanPreview;
import dev.backout.workflow.PlanPreview.TriggerPreview;
import dev.backout.workflow.StepPreview;
import dev.backout.workflow.StepPreview.Detail;
import dev.backout.workflow.StepPreview.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A rollback of a service, at several moments. */
public final class Samples {
  static final Instant START = Instant.parse("2026-11-21T03:12:07.250Z");
  static final String RUN_ID = "3f2a91c4-77d0-4d52-9a3e-0c1b2a3d4e5f";
  static final String DIGEST =
      "sha256:9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab";
  private static final String QUESTION =
      "Writes since 2026-11-21T01:00:00Z will be lost. Go back to SQLite?";
  private static final ValueType.Struct NOTHING = new ValueType.Struct(Map.of());

  private Samples() {}

  static Look look(int width) {
    return new Look(width, false, true, ZoneOffset.UTC);
  }

  static Instant after(double seconds) {
    return START.plusMillis((long) (seconds * 1000));
  }

  static StepStatus step(
      String path,
      String name,
      StepState state,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Duration budget) {
    return RunStatusStepStatusBuilder.builder()
        .path(path)
        .name(name)
        .kind("uses")
        .action("sample.act")
        .state(state)
        .attempt(from == null ? 0 : 1)
        .startedAt(from)
        .finishedAt(to)
        .budget(budget)
        .decisions(List.of())
        .children(List.of())
        .build();
  }

  private static StepStatus backup() {
    return step(
        "backup",
        "A verified backup from the last 24 hours",
        StepState.DONE,
        after(0.1),
        after(0.5),
        null);
  }

  private static StepStatus gate(StepState state, List<TakenDecision> decisions) {
    return RunStatusStepStatusBuilder.builder()
        .path("authorize")
        .name(QUESTION)
        .kind("checkpoint")
        .state(state)
        .attempt(1)
        .startedAt(after(0.5))
        .finishedAt(state == StepState.WAITING ? null : after(62))
        .decisions(decisions)
        .children(List.of())
        .build();
  }

  private static TakenDecision yes() {
    return new TakenDecision(
        "authorize", "approve", "ada@bastion", "checked with finance", after(62), false);
  }

  public static RunStatus waiting() {
    return status(
        RunState.WAITING,
        List.of(
            gate(StepState.WAITING, List.of()),
            step("stop", "Stop the application", StepState.PENDING, null, null, minutes(2)),
            step(
                "configure",
                "Point the application at SQLite",
                StepState.PENDING,
                null,
                null,
                null),
            step("restore", "restore", StepState.PENDING, null, null, minutes(5)),
            step("start", "start", StepState.PENDING, null, null, null)),
        List.of(
            new Waiting(
                "authorize",
                WaitingFor.CHECKPOINT,
                QUESTION,
                List.of("reject", "approve"),
                List.of("group:oncall", "group:dba"),
                1,
                List.of(),
                after(0.5),
                after(300.5),
                "Then group:managers is asked too.")),
        null,
        null);
  }

  static RunStatus failed() {
    StepStatus failed =
        RunStatusStepStatusBuilder.builder()
            .path("restore")
            .name("restore")
            .kind("uses")
            .action("sqlite.restore")
            .state(StepState.FAILED)
            .attempt(2)
            .startedAt(after(64))
            .finishedAt(after(70))
            .budget(Duration.ofSeconds(5))
            .failure(
                "/srv/harvester/var/app.db is held open by process 4711 (python -m harvester.scheduler).\n"
                    + "Expected nobody to have it open. Stop that process, then retry.")
            .decisions(List.of())
            .children(List.of())
            .build();
    return status(
        RunState.WAITING,
        List.of(
            gate(StepState.DONE, List.of(yes())),
            step(
                "stop", "Stop the application", StepState.DONE, after(62), after(63.2), minutes(2)),
            step(
                "configure",
                "Point the application at SQLite",
                StepState.DONE,
                after(63.2),
                after(64),
                null),
            failed,
            step("start", "start", StepState.PENDING, null, null, null)),
        List.of(
            new Waiting(
                "restore",
                WaitingFor.FAILURE,
                "/srv/harvester/var/app.db is held open by process 4711 (python -m harvester.scheduler).\n"
                    + "Expected nobody to have it open. Stop that process, then retry.",
                List.of("stop", "retry", "skip"),
                List.of(),
                1,
                List.of(),
                after(70),
                null,
                null)),
        null,
        null);
  }

  static RunStatus succeeded() {
    return status(
        RunState.SUCCEEDED,
        List.of(
            gate(StepState.DONE, List.of(yes())),
            step(
                "stop", "Stop the application", StepState.DONE, after(62), after(63.2), minutes(2)),
            step(
                "configure",
                "Point the application at SQLite",
                StepState.DONE,
                after(63.2),
                after(64),
                null),
            step("restore", "restore", StepState.DONE, after(64), after(71), Duration.ofSeconds(5)),
            step("start", "start", StepState.DONE, after(71), after(75), null)),
        List.of(),
        after(75),
        "All 5 steps are done.");
  }

  /** A run with more steps than a terminal has lines. */
  static RunStatus lengthy(int steps, int done) {
    List<StepStatus> all =
        IntStream.range(0, steps)
            .mapToObj(
                i ->
                    step(
                        "step_" + i,
                        "Step number " + i + " 重要な手順",
                        i < done
                            ? StepState.DONE
                            : i == done ? StepState.RUNNING : StepState.PENDING,
                        i <= done ? after(i / 2.0) : null,
                        i < done ? after(i / 2.0 + 0.5) : null,
                        null))
            .toList();
    return status(RunState.RUNNING, all, List.of(), null, null);
  }

  private static RunStatus status(
      RunState state,
      List<StepStatus> steps,
      List<Waiting> waiting,
      @Nullable Instant finished,
      @Nullable String outcome) {
    return RunStatusBuilder.builder()
        .workflowId("backout/signal-harvester")
        .runId(RUN_ID)
        .runbook("postgres-to-sqlite")
        .kind("emergency")
        .summary("Put signal-harvester back on SQLite from its latest good backup.")
        .target("signal-harvester")
        .planDigest(DIGEST)
        .startedBy("ada@bastion")
        .state(state)
        .startedAt(START)
        .incidentAt(START)
        .finishedAt(finished)
        .rto(minutes(15))
        .rpo(Duration.ofHours(1))
        .preflight(List.of(backup()))
        .steps(steps)
        .waiting(waiting)
        .followUps(
            List.of(
                new DueFollowUp(
                    "Notify stakeholders and update the status page",
                    Duration.ofHours(1),
                    after(3600)),
                new DueFollowUp(
                    "Decide whether to retry PostgreSQL", Duration.ofDays(7), after(7 * 86400))))
        .outcome(outcome)
        .undo(List.of())
        .build();
  }

  /** By enough earlier runs. */
  static Prediction prediction() {
    return new Prediction(
        "postgres-to-sqlite",
        12,
        minutes(15),
        estimate(184, 260),
        true,
        estimate(95, 610),
        List.of(
            predicted("backup", Prediction.Basis.RUNS, 12, estimate(0.4, 1.2)),
            predicted("authorize", Prediction.Basis.PEOPLE, 12, estimate(95, 610)),
            predicted("stop", Prediction.Basis.RUNS, 12, estimate(11, 31)),
            predicted("restore", Prediction.Basis.RUNS, 9, estimate(140, 200))),
        List.of(),
        true);
  }

  /** By a single run, budgets, and nothing. */
  static Prediction guess() {
    return new Prediction(
        "postgres-to-sqlite",
        1,
        minutes(5),
        estimate(440, 440),
        false,
        null,
        List.of(
            predicted("backup", Prediction.Basis.FEW_RUNS, 1, estimate(20, 20)),
            predicted("authorize", Prediction.Basis.PEOPLE, 0, null),
            predicted("stop", Prediction.Basis.BUDGET, 1, estimate(120, 120)),
            predicted("restore", Prediction.Basis.BUDGET, 0, estimate(300, 300)),
            predicted("verify", Prediction.Basis.NOTHING, 0, null)),
        List.of("verify"),
        null);
  }

  private static Prediction.OfStep predicted(
      String path, Prediction.Basis basis, int samples, Prediction.@Nullable Estimate took) {
    return new Prediction.OfStep(path, path, basis, samples, took);
  }

  private static Prediction.Estimate estimate(double p50, double p90) {
    return new Prediction.Estimate(
        Duration.ofMillis((long) (p50 * 1000)), Duration.ofMillis((long) (p90 * 1000)));
  }

  static Timeline timeline() {
    return new Timeline(
        succeeded(),
        List.of(
            entry(
                0,
                Timeline.Type.RUN_STARTED,
                null,
                "ada@bastion started postgres-to-sqlite: production is down",
                null),
            entry(0.1, Timeline.Type.STEP_STARTED, "backup", "backup began", null),
            entry(
                0.5,
                Timeline.Type.STEP_DONE,
                "backup",
                "backup is done: the newest good backup is /srv/harvester/backups/app-0100.db, 2h12m old",
                0.4),
            entry(
                0.5,
                Timeline.Type.WAITING,
                "authorize",
                "authorize waits for 1 of group:oncall or group:dba",
                null),
            entry(
                62,
                Timeline.Type.DECISION,
                "authorize",
                "ada@bastion (unverified) approved authorize: checked with finance",
                null),
            entry(
                70,
                Timeline.Type.STEP_FAILED,
                "restore",
                "restore failed: \u001b[2Jheld open by process 4711",
                6.0),
            entry(75, Timeline.Type.RUN_FINISHED, null, "The run succeeded.", 75.0)),
        List.of(
            new Objective(
                "RTO",
                minutes(15),
                Duration.ofSeconds(75),
                true,
                "From the incident to the end of the run."),
            new Objective(
                "RPO",
                Duration.ofHours(1),
                Duration.ofMinutes(132),
                false,
                "The backup was taken 2h12m before the incident.")));
  }

  private static Entry entry(
      double at, Timeline.Type type, @Nullable String step, String text, @Nullable Double took) {
    return new Entry(
        after(at),
        type,
        step,
        text,
        took == null ? null : Duration.ofMillis((long) (took * 1000)),
        null);
  }

  static List<RunSummary> runs() {
    return List.of(
        run("3f2a91c4-77d0", "postgres-to-sqlite", "signal-harvester", RunState.RUNNING, null),
        run("90ab12cd-1111", "helm-release", "payments", RunState.FAILED, after(120)),
        run("77777777-2222", "poller", "payments", RunState.INTERRUPTED, null));
  }

  private static RunSummary run(
      String id, String runbook, String target, RunState state, @Nullable Instant finished) {
    return new RunSummary(
        "backout/" + target,
        id,
        runbook,
        "emergency",
        target,
        DIGEST,
        "ada",
        state,
        START,
        finished,
        null,
        RunSummary.Place.SERVER,
        12);
  }

  static ExecutionPlan plan() {
    Map<String, JsonNode> inputs = new LinkedHashMap<>();
    inputs.put("home", text("/srv/harvester"));
    inputs.put("baseUrl", text("http://127.0.0.1:8000"));
    return ExecutionPlanBuilder.builder()
        .version(1)
        .runbook("postgres-to-sqlite")
        .kind("emergency")
        .summary("Put signal-harvester back on SQLite from its latest good backup.")
        .target("signal-harvester")
        .rto(minutes(15))
        .rpo(Duration.ofHours(1))
        .inputs(inputs)
        .inputTypes(NOTHING)
        .triggers(
            List.of(
                new ExecutionPlan.PlannedTrigger(
                    "PostgreSQL unreachable for 5 minutes",
                    use("postgres.ping"),
                    List.of(),
                    minutes(5))))
        .preflight(
            List.of(
                planned(
                    "backup",
                    "A verified backup from the last 24 hours",
                    uses("sqlite.findBackup"),
                    null)))
        .steps(
            List.of(
                planned(
                    "authorize",
                    QUESTION,
                    new PlannedStep.Checkpoint(
                        QUESTION,
                        List.of("group:oncall", "group:dba"),
                        1,
                        minutes(5),
                        List.of("group:managers")),
                    null),
                planned("stop", "Stop the application", uses("process.stop"), minutes(2)),
                planned("configure", "Point the application at SQLite", uses("dotenv.edit"), null),
                planned("restore", "restore", uses("sqlite.restore"), minutes(5)),
                planned("verify", "verify", uses("sqlite.verify"), null)))
        .followUps(
            List.of(
                new ExecutionPlan.PlannedFollowUp(
                    "Notify stakeholders and update the status page", Duration.ofHours(1)),
                new ExecutionPlan.PlannedFollowUp(
                    "Decide whether to retry PostgreSQL", Duration.ofDays(7))))
        .outputs(Map.of())
        .outputTypes(NOTHING)
        .sources(List.of())
        .digest(DIGEST)
        .build();
  }

  /** With a step of half an hour that the inputs rule out. */
  static ExecutionPlan planWithSkip() {
    List<PlannedStep> steps = new ArrayList<>(plan().steps());
    PlannedStep copy = planned("copy", "Copy what is left", uses("sync.copy"), minutes(30));
    steps.add(
        new PlannedStep(
            copy.id(),
            copy.name(),
            copy.work(),
            "inputs.home == ''",
            copy.timeout(),
            copy.budget(),
            null,
            List.of(),
            copy.onFailure(),
            null,
            null,
            null));
    return plan().withSteps(steps);
  }

  private static PlannedStep planned(
      String id, String name, PlannedStep.Work work, @Nullable Duration budget) {
    return new PlannedStep(
        id,
        name,
        work,
        null,
        minutes(10),
        budget,
        null,
        List.of(),
        PlannedStep.OnFailure.ASK,
        null,
        null,
        null);
  }

  private static PlannedStep.Uses uses(String action) {
    return new PlannedStep.Uses(use(action));
  }

  private static ActionUse use(String action) {
    return new ActionUse(
        action, JsonNodeFactory.instance.objectNode(), Repeatability.SAFE, NOTHING);
  }

  static PlanPreview preview() {
    return new PlanPreview(
        DIGEST,
        List.of(
            new TriggerPreview(
                "PostgreSQL unreachable for 5 minutes",
                true,
                "Connection to 127.0.0.1:5432 refused")),
        List.of(
            shown(
                "backup",
                "A verified backup from the last 24 hours",
                "sqlite.findBackup",
                "The newest good backup is app-0100.db, taken 2026-11-21T01:00:00Z, 2h12m ago",
                List.of(
                    new Detail(
                        Kind.TABLE,
                        "What is in /srv/harvester/backups",
                        List.of(
                            "file\tage\tsize\tsha256\tverdict",
                            "app-0300.db\t12m\t48.1MiB\t–\tcorrupt: row 17 missing from index ix_signals_at",
                            "app-0100.db\t2h12m\t48.0MiB\t9c56cc51\tgood: taken")),
                    new Detail(
                        Kind.LOSS,
                        "Everything written since 2026-11-21T01:00:00Z",
                        List.of("2h12m of writes, at least 1,204 rows in signals.")))),
            shown(
                "disk",
                "Room for the restored database",
                "disk.check",
                "12.4GiB free, 96.2MiB wanted",
                List.of())),
        List.of(
            shown("authorize", QUESTION, null, "", List.of()),
            shown(
                "stop",
                "Stop the application",
                "process.stop",
                "Would stop 2 processes",
                List.of(
                    new Detail(
                        Kind.TABLE,
                        "",
                        List.of(
                            "pid\tlistens\tcommand",
                            "4710\t127.0.0.1:8000\tpython -m harvester.api --port 8000",
                            "4711\t\tpython -m harvester.scheduler")))),
            shown(
                "configure",
                "Point the application at SQLite",
                "dotenv.edit",
                "Would change /srv/harvester/.env",
                List.of(
                    new Detail(
                        Kind.DIFF,
                        "",
                        List.of(
                            "--- /srv/harvester/.env",
                            "+++ /srv/harvester/.env (after)",
                            "@@ -1,4 +1,4 @@",
                            " LOG_LEVEL=info",
                            "-DATABASE_URL=***",
                            "+HARVEST_DB_PATH=var/app.db",
                            " PORT=8000")))),
            new StepPreview(
                "restore",
                "restore",
                "uses",
                "sqlite.restore",
                "Would fail",
                true,
                List.of(
                    new Detail(
                        Kind.PROBLEM,
                        "/srv/harvester/var is not writable",
                        List.of("Expected a directory that this worker may write to."))),
                null,
                List.of(),
                "/srv/harvester/var is not writable",
                List.of()),
            new StepPreview(
                "verify",
                "verify",
                "uses",
                "sqlite.verify",
                "",
                false,
                List.of(),
                null,
                List.of("restore"),
                null,
                List.of())),
        List.of());
  }

  private static StepPreview shown(
      String path, String name, @Nullable String action, String summary, List<Detail> details) {
    String kind = action == null ? "checkpoint" : "uses";
    return new StepPreview(
        path, name, kind, action, summary, true, details, null, List.of(), null, List.of());
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }
}
