package dev.backout.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.Timeline.Objective;
import dev.backout.workflow.Sketch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockTest {
  private static final Instant START = Instant.parse("2026-03-07T02:00:00Z");

  @Test
  void what_is_read_once_the_writer_has_stopped_meets_an_rpo_of_nothing() {
    Objective rpo =
        rpo(copy("bulk", 10, 20, 11), stop(30, 40), copy("rest", 41, 50, 39), compare(51, 60));

    assertEquals(Duration.ZERO, rpo.actual(), rpo::explanation);
    assertEquals(true, rpo.met());
  }

  @Test
  void what_is_read_while_the_writer_goes_on_lacks_what_is_written_until_it_stops() {
    Objective rpo = rpo(copy("bulk", 10, 20, 11), stop(30, 40));

    assertEquals(Duration.ofSeconds(29), rpo.actual(), rpo::explanation);
    assertEquals(false, rpo.met());
    assertTrue(rpo.explanation().contains("until stop had stopped"), rpo::explanation);
  }

  @Test
  void data_of_before_the_incident_is_measured_from_the_incident() {
    Objective rpo = rpo(copy("bulk", 10, 20, -600), stop(30, 40));

    assertEquals(Duration.ofMinutes(10), rpo.actual(), rpo::explanation);
    assertEquals(false, rpo.met());
  }

  @Test
  void nobody_claims_an_rpo_where_no_step_says_of_when_its_data_is() {
    Objective rpo = rpo(stop(30, 40));

    assertEquals(null, rpo.met(), rpo::explanation);
  }

  @Test
  void a_backup_that_was_only_found_is_not_the_data_in_use() {
    Objective rpo = rpo(stop(0, 5), copy("rest", 10, 20, 11), found("backup", 21, 22, -3600));

    assertEquals(Duration.ZERO, rpo.actual(), rpo::explanation);
    assertEquals(null, rpo(found("backup", 0, 5, -3600)).actual(), "it was never restored");
    assertEquals(
        Duration.ofHours(1),
        rpo(found("backup", 0, 5, -3600), restore("restore", 6, 9, -3600)).actual());
  }

  @Test
  void what_was_taken_back_is_not_the_data_in_use() {
    StepStatus undone = restore("restore", 6, 9, -3600).with(s -> s.state(StepState.UNDONE));

    assertEquals(null, rpo(undone).actual());
  }

  @ParameterizedTest
  @CsvSource({"process.stop, []", "kubernetes.scale, [1]", "helm.uninstall, [{}]"})
  void whatever_stops_the_writer_counts_by_what_it_says_it_stopped(String action, String what) {
    JsonNode outputs = Sketch.json("{'stopped': " + what + "}");
    StepStatus stop = done("off", action, 30, 40, outputs, null);

    Objective rpo = rpo(copy("bulk", 10, 20, 11), stop);

    assertEquals(Duration.ofSeconds(29), rpo.actual(), rpo::explanation);
  }

  @Test
  void what_stops_nothing_does_not_count_whatever_its_name() {
    JsonNode outputs = Sketch.json("{'replicas': 3}");

    Objective rpo =
        rpo(copy("bulk", 10, 20, 11), done("on", "kubernetes.scale", 30, 40, outputs, null));

    assertEquals(Duration.ZERO, rpo.actual(), rpo::explanation);
  }

  @Test
  void what_a_called_runbook_does_counts_as_the_run_s_own() {
    StepStatus called =
        done("drain", "", 30, 41, Sketch.json("{'stopped': ['no action says this']}"), null)
            .with(s -> s.kind("runbook").action(null).children(List.of(stop(30, 35))));

    Objective rpo = rpo(copy("bulk", 10, 20, 11), called);

    assertEquals(Duration.ofSeconds(24), rpo.actual(), rpo::explanation);
  }

  private static Objective rpo(StepStatus... steps) {
    RunStatus run =
        RunStatusBuilder.builder()
            .state(RunState.SUCCEEDED)
            .startedAt(START)
            .incidentAt(START)
            .finishedAt(at(120))
            .rpo(Duration.ZERO)
            .preflight(List.of())
            .steps(List.of(steps))
            .build();
    return Clock.objectives(run, at(120)).get(0);
  }

  private static StepStatus copy(String path, int from, int to, int asOf) {
    return done(path, "sync.copy", from, to, asOf(asOf), null);
  }

  private static StepStatus restore(String path, int from, int to, int asOf) {
    return done(path, "sqlite.restore", from, to, asOf(asOf), null);
  }

  private static StepStatus found(String path, int from, int to, int asOf) {
    return done(path, "sqlite.findBackup", from, to, asOf(asOf), true);
  }

  private static StepStatus stop(int from, int to) {
    return done("stop", "process.stop", from, to, Sketch.json("{'stopped': []}"), null);
  }

  private static StepStatus compare(int from, int to) {
    return done("same", "sync.compare", from, to, null, true);
  }

  private static JsonNode asOf(int seconds) {
    return JsonNodeFactory.instance.objectNode().put(DataInUse.DATA_AS_OF, at(seconds).toString());
  }

  private static StepStatus done(
      String path,
      String action,
      int from,
      int to,
      @Nullable JsonNode outputs,
      @Nullable Boolean readOnly) {
    return RunStatusStepStatusBuilder.builder()
        .path(path)
        .name(path)
        .kind("uses")
        .action(action)
        .state(StepState.DONE)
        .startedAt(at(from))
        .finishedAt(at(to))
        .outputs(outputs)
        .readOnly(readOnly)
        .children(List.of())
        .build();
  }

  private static Instant at(int seconds) {
    return START.plusSeconds(seconds);
  }
}
