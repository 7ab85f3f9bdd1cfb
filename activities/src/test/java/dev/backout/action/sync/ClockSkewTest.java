package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClockSkewTest {
  private static final Instant NOW = Instant.parse("2026-01-31T03:00:00Z");
  private static final Duration OVERLAP = Duration.ofMinutes(10);

  @Test
  void clocksThatGoAsOneAreNotSpokenOf() {
    assertEquals(List.of(), notes(NOW.minusSeconds(4)));
    assertEquals(List.of(), notes(NOW.plusSeconds(30)), "while the server was asked");
    assertEquals(List.of(), notes(NOW.plusSeconds(63)));
  }

  @Test
  void aClockThatDiffersIsSaidAndWhetherTheOverlapCoversIt() {
    assertTrue(notes(NOW.minusSeconds(200)).get(0).contains("200 s behind this worker's"));
    assertTrue(notes(NOW.minusSeconds(200)).get(0).endsWith("overlap covers that"));
    assertTrue(notes(NOW.plusSeconds(60 + 3600)).get(0).contains("3,600 s ahead of this worker's"));
    assertTrue(
        notes(NOW.plusSeconds(60 + 3600))
            .get(0)
            .endsWith("overlap, 600 s, is less than that, and should be more"));
  }

  private static List<String> notes(Instant server) {
    return ClockSkew.notes(NOW, server, NOW.plusSeconds(60), OVERLAP);
  }
}
