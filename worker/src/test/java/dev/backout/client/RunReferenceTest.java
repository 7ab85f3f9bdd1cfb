package dev.backout.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.archive.RunSummary;
import dev.backout.archive.RunSummary.Place;
import dev.backout.history.RunStatus.RunState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunReferenceTest {
  private static final List<RunSummary> RUNS =
      List.of(
          run("abcd4444-child", "orders", "abcd3333"),
          run("abcd3333", "orders", null),
          run("abce2222", "billing", null),
          run("ffff1111", "orders", null));

  @Test
  void latestIsTheNewestThatAPersonStarted() {
    assertEquals("abcd3333", resolve("@latest"));
  }

  @Test
  void aTargetIsItsNewestRun() {
    assertEquals("abcd3333", resolve("orders"));
    assertEquals("abce2222", resolve("billing"));
  }

  @Test
  void theBeginningOfARunIdIsEnoughWhenItIsUnique() {
    assertEquals("ffff1111", resolve("ffff"));
    assertEquals("abcd4444-child", resolve("abcd4"));
  }

  @Test
  void anAmbiguousBeginningNamesTheRuns() {
    String said = refusal("abcd");
    assertTrue(said.contains("abcd3333"), said);
    assertTrue(said.contains("abcd4444"), said);
  }

  @Test
  void lessThanFourCharactersIsTooShort() {
    String said = refusal("fff");
    assertTrue(said.contains("at least 4 characters"), said);
  }

  @Test
  void aMisspeltTargetIsGuessed() {
    assertTrue(refusal("ordesr").contains("Did you mean orders?"), refusal("ordesr"));
    assertTrue(refusal("biling").contains("Did you mean billing?"), refusal("biling"));
  }

  @Test
  void whatIsNothingLikeAnythingPointsToTheList() {
    assertTrue(refusal("something-else").contains("backout runs"));
  }

  @Test
  void withoutAnyRunItSaysHowToStartOne() {
    String said =
        assertThrows(UnknownRunException.class, () -> RunReference.resolve("@latest", List.of()))
            .getMessage();
    assertTrue(said.contains("backout run FILE"), said);
  }

  private static String resolve(String text) {
    return RunReference.resolve(text, RUNS).runId();
  }

  private static String refusal(String text) {
    return assertThrows(UnknownRunException.class, () -> resolve(text)).getMessage();
  }

  private static RunSummary run(String runId, String target, @Nullable String parent) {
    return new RunSummary(
        "backout/" + target,
        runId,
        "rollback",
        "emergency",
        target,
        null,
        null,
        RunState.SUCCEEDED,
        Instant.EPOCH,
        null,
        parent,
        Place.SERVER,
        5);
  }
}
