package dev.backout.postmortem;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatusBuilder;
import dev.backout.history.RunStatusStepStatusBuilder;
import dev.backout.history.Timeline;
import dev.backout.plan.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of runs to report on. */
final class SampleRuns {
  static final Instant START = Instant.parse("2026-03-07T02:14:05Z");
  static final String SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  static final String HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>";

  private SampleRuns() {}

  /** A rollback with a gate, a failure, a retry, and a child runbook. */
  static Timeline rough() {
    return rough("ada", "the on-call phone said so");
  }

  static Timeline rough(String who, String why) {
    TakenDecision approved = new TakenDecision("authorize", "approve", who, why, at(52_000), false);
    TakenDecision retried =
        new TakenDecision("start_api", "retry", "bo", "the port is free now", at(81_000), true);
    RunStatus status =
        RunStatusBuilder.builder()
            .workflowId("backout/signal-harvester")
            .runId("5f0c9c1e-7f0e-4a53-8d1a-0a4f6f0e8f11")
            .runbook("postgres-to-sqlite")
            .kind("emergency")
            .summary("Put Signal Harvester back on SQLite from its latest good backup.")
            .target("signal-harvester")
            .planDigest("sha256:" + SHA)
            .startedBy(who)
            .state(RunState.SUCCEEDED)
            .startedAt(START)
            .incidentAt(START.minusSeconds(300))
            .finishedAt(at(96_400))
            .rto(Duration.ofMinutes(15))
            .rpo(Duration.ofHours(1))
            .preflight(
                List.of(
                    step(
                        "backup",
                        "A verified backup from the last 24 hours",
                        "sqlite.findBackup",
                        0,
                        310,
                        """
                    {"path": "/srv/harvester/backups/harvest-20260307-013605.db", "sha256": "%s",
                     "takenAt": "2026-03-07T01:36:05Z", "size": 262144}
                    """
                            .formatted(SHA)),
                    step(
                        "disk",
                        "Room for the backup",
                        "disk.check",
                        310,
                        340,
                        "{\"free\": 1234567}")))
            .steps(
                List.of(
                    gate(approved),
                    step(
                        "stop_api",
                        "Stop the API",
                        "process.stop",
                        52_010,
                        53_100,
                        "{\"stopped\": 1}"),
                    step(
                        "environment", "Point .env at SQLite", "dotenv.edit", 53_110, 53_150, "{}"),
                    step(
                        "restore",
                        "Restore the backup",
                        "sqlite.restore",
                        53_160,
                        53_900,
                        """
                    {"database": "/srv/harvester/var/app.db", "sha256": "%s", "rowsLost": 42,
                     "dataAsOf": "2026-03-07T01:36:05Z"}
                    """
                            .formatted(SHA)),
                    failed(retried),
                    group()))
            .waiting(List.of())
            .followUps(
                List.of(
                    new RunStatus.DueFollowUp(
                        "Tell stakeholders", Duration.ofHours(1), at(96_400).plusSeconds(3600)),
                    new RunStatus.DueFollowUp(
                        "Decide whether to retry PostgreSQL",
                        Duration.ofDays(7),
                        at(96_400).plus(Duration.ofDays(7)))))
            .outcome("Signal Harvester is back on SQLite")
            .undo(List.of())
            .build();
    return new Timeline(
        status,
        List.of(
            entry(0, Timeline.Type.RUN_STARTED, null, who + " started postgres-to-sqlite", null),
            entry(310, Timeline.Type.STEP_DONE, "backup", "Found harvest-20260307-013605.db", 310L),
            entry(345, Timeline.Type.WAITING, "authorize", "Waits for group:oncall", null),
            entry(52_000, Timeline.Type.DECISION, "authorize", who + " approved: " + why, null),
            entry(53_100, Timeline.Type.STEP_DONE, "stop_api", "Stopped 1 process", 1_090L),
            entry(53_900, Timeline.Type.STEP_DONE, "restore", "Restored the backup", 740L),
            entry(
                64_000,
                Timeline.Type.STEP_FAILED,
                "start_api",
                "Port 8000 is taken by process 4711 (python3 -m http.server). Stop it, then retry.",
                10_000L),
            entry(
                81_000,
                Timeline.Type.DECISION,
                "start_api",
                "bo decided retry: the port is free now",
                null),
            entry(82_300, Timeline.Type.STEP_DONE, "start_api", "Started process 4890", 1_300L),
            entry(96_400, Timeline.Type.RUN_FINISHED, null, "Succeeded", 96_400L)),
        List.of(
            new Timeline.Objective(
                "RTO",
                Duration.ofMinutes(15),
                Duration.ofMillis(396_400),
                true,
                "From the beginning of the incident to the end of the run"),
            new Timeline.Objective(
                "RPO",
                Duration.ofHours(1),
                Duration.ofMinutes(33),
                true,
                "From the time of the backup to the beginning of the incident")));
  }

  /** As little as a record can have. */
  static Timeline bare() {
    RunStatus status =
        RunStatusBuilder.builder()
            .workflowId("backout/x")
            .runId("0000")
            .runbook("r")
            .kind("planned")
            .summary("s")
            .target("x")
            .planDigest("sha256:00")
            .startedBy("ada")
            .state(RunState.RUNNING)
            .startedAt(START)
            .incidentAt(START)
            .preflight(List.of())
            .steps(List.of())
            .waiting(List.of())
            .followUps(List.of())
            .undo(List.of())
            .build();
    return new Timeline(status, List.of(), List.of());
  }

  /** A backup was found, and none restored. */
  static Timeline onlyFound() {
    StepStatus found =
        step(
                "backup",
                "A backup",
                "sqlite.findBackup",
                0,
                310,
                "{\"dataAsOf\": \"2026-03-07T01:36:05Z\"}")
            .withReadOnly(true);
    Timeline bare = bare();
    return new Timeline(
        bare.status().withPreflight(List.of(found)), bare.entries(), bare.objectives());
  }

  private static StepStatus gate(TakenDecision decision) {
    return RunStatusStepStatusBuilder.builder()
        .path("authorize")
        .name("Authorize the rollback")
        .kind("checkpoint")
        .state(StepState.DONE)
        .attempt(1)
        .startedAt(at(345))
        .finishedAt(at(52_000))
        .decisions(List.of(decision))
        .children(List.of())
        .build();
  }

  private static StepStatus failed(TakenDecision retried) {
    return RunStatusStepStatusBuilder.builder()
        .path("start_api")
        .name("Start the API")
        .kind("uses")
        .action("process.start")
        .state(StepState.DONE)
        .attempt(2)
        .startedAt(at(54_000))
        .finishedAt(at(82_300))
        .budget(Duration.ofSeconds(10))
        .outputs(json("{\"pid\": 4890}"))
        .failure("Port 8000 is taken")
        .decisions(List.of(retried))
        .children(List.of())
        .build();
  }

  private static StepStatus group() {
    return RunStatusStepStatusBuilder.builder()
        .path("validate")
        .name("Validate the service")
        .kind("runbook")
        .state(StepState.DONE)
        .attempt(1)
        .startedAt(at(82_400))
        .finishedAt(at(96_300))
        .budget(Duration.ofMinutes(5))
        .decisions(List.of())
        .childRunId("child-run")
        .children(
            List.of(
                step(
                    "validate/health",
                    "/health says ok",
                    "http.check",
                    82_450,
                    84_000,
                    "{\"status\": 200}"),
                step(
                    "validate/rows",
                    "The database is whole, its foreign keys hold, and no table is empty",
                    "sqlite.verify",
                    84_010,
                    96_200,
                    "{\"rows\": 735}")))
        .build();
  }

  private static StepStatus step(
      String path, String name, String action, long from, long until, String outputs) {
    return RunStatusStepStatusBuilder.builder()
        .path(path)
        .name(name)
        .kind("uses")
        .action(action)
        .state(StepState.DONE)
        .attempt(1)
        .startedAt(at(from))
        .finishedAt(at(until))
        .outputs(json(outputs))
        .decisions(List.of())
        .children(List.of())
        .build();
  }

  private static Timeline.Entry entry(
      long at, Timeline.Type type, @Nullable String step, String text, @Nullable Long took) {
    return new Timeline.Entry(
        at(at), type, step, text, took == null ? null : Duration.ofMillis(took), null);
  }

  private static Instant at(long millis) {
    return START.plusMillis(millis);
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
