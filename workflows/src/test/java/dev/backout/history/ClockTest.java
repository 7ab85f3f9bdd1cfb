package dev.backout.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.Timeline.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

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
    return done(path, "sync.copy", from, to, at(asOf).toString());
  }

  private static StepStatus stop(int from, int to) {
    return done("stop", "process.stop", from, to, null);
  }

  private static StepStatus compare(int from, int to) {
    return done("same", "sync.compare", from, to, null);
  }

  private static StepStatus done(
      String path, String action, int from, int to, @Nullable String asOf) {
    return RunStatusStepStatusBuilder.builder()
        .path(path)
        .name(path)
        .kind("uses")
        .action(action)
        .state(StepState.DONE)
        .startedAt(at(from))
        .finishedAt(at(to))
        .outputs(
            asOf == null ? null : JsonNodeFactory.instance.objectNode().put(Clock.DATA_AS_OF, asOf))
        .children(List.of())
        .build();
  }

  private static Instant at(int seconds) {
    return START.plusSeconds(seconds);
  }
}
