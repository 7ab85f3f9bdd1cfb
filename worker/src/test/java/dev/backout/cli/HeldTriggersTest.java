package dev.backout.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class HeldTriggersTest {
  private static final Instant FIRST = Instant.parse("2026-11-21T02:55:00Z");
  private static final Instant LATER = FIRST.plusSeconds(60);

  private final HeldTriggers held = new HeldTriggers();

  @Test
  void itHasHeldSinceTheFirstAnswerOfAnUnbrokenRow() {
    assertEquals(FIRST, held.since("down", true, FIRST));
    assertEquals(FIRST, held.since("down", true, LATER));
  }

  @Test
  void aBreakBeginsItAnewAndNotKnowingIsOne() {
    held.since("down", true, FIRST);
    assertNull(held.since("down", false, FIRST.plusSeconds(1)));
    assertEquals(LATER, held.since("down", true, LATER));
    assertNull(held.since("down", null, LATER.plusSeconds(1)));
    assertEquals(LATER.plusSeconds(2), held.since("down", true, LATER.plusSeconds(2)));
  }

  @Test
  void onlyANewAnswerIsAChange() {
    assertTrue(held.changes("down", null));
    assertFalse(held.changes("down", null));
    assertTrue(held.changes("down", true));
    assertFalse(held.changes("down", true));
    assertTrue(held.changes("down", false));
    assertTrue(held.changes("slow", false));
  }
}
