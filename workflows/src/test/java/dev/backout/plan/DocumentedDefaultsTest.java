package dev.backout.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.runbook.Durations;
import dev.backout.runbook.ReferencePages;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The reference page tells the defaults that the plan fills in. */
class DocumentedDefaultsTest {

  @Test
  void ofSteps() {
    assertTold("step", "timeout", hours(Defaults.ACTION_TIMEOUT));
    assertTold("step", "timeout", hours(Defaults.MANUAL_TIMEOUT) + " for `manual`");
    assertTold("step", "timeout", hours(Defaults.GROUP_TIMEOUT) + " for steps that hold others");
    assertTold("step", "retry", Defaults.ATTEMPTS + " attempts");
  }

  @Test
  void ofCheckpointsWaitsAndRetries() {
    assertTold("checkpoint", "timeout", hours(Defaults.CHECKPOINT_TIMEOUT));
    assertTold("wait", "interval", hours(Defaults.WAIT_INTERVAL));
    assertTold("retry", "interval", hours(Defaults.RETRY_INTERVAL));
  }

  private static void assertTold(String object, String key, String told) {
    String page = ReferencePages.runbook();
    String section = page.substring(page.indexOf("\n## " + object + "\n"));
    String row =
        section
            .lines()
            .filter(line -> line.startsWith("| `" + key + "` |"))
            .findFirst()
            .orElseThrow();

    assertTrue(row.contains(told), row);
  }

  /** A day is 24h here: that is how people say a timeout. */
  private static String hours(Duration duration) {
    return duration.equals(Duration.ofDays(1)) ? "24h" : Durations.print(duration);
  }
}
