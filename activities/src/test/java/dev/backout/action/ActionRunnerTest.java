package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.testing.PlainContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ActionRunnerTest {
  @TempDir private Path directory;
  private final List<String> journal = new ArrayList<>();
  private final PlainContext context = new PlainContext().secret("TOKEN", "s3cr3t-value");
  private final ActionRunner runner =
      new ActionRunner(
          ActionRegistry.load(),
          (call, action, repeatable) -> {
            journal.add("begin " + action + " " + repeatable);
            return outcome -> journal.add("end " + outcome);
          });

  @Test
  void anActIsNotedBeforeAndAfterWithItsOutcome() throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), "A=1\n");

    JsonNode output = run("dotenv.edit", "{'file': '" + file + "', 'set': {'A': '2'}}");

    assertTrue(output.get("changed").asBoolean());
    assertEquals("A=2\n", Files.readString(file));
    assertEquals(List.of("begin dotenv.edit true", "end done"), journal);
  }

  @Test
  void aFailureIsNotedTooAndWhatOnlyReadsIsNot() {
    assertThrows(
        ActionException.class, () -> run("dotenv.edit", "{'file': '" + directory + "/none'}"));
    assertTrue(journal.get(1).startsWith("end failed: There is no file"), journal.get(1));

    journal.clear();
    assertThrows(ActionException.class, () -> run("disk.check", "{'path': '/', 'free': '900TiB'}"));
    assertEquals(List.of(), journal);
  }

  @Test
  void anActThatTheJournalCannotNoteDoesNotBegin() throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), "A=1\n");
    ActionRunner refused =
        new ActionRunner(
            ActionRegistry.load(),
            (call, action, repeatable) -> {
              throw new ActionException(ActionException.Kind.TRANSIENT, "the journal is full");
            });

    assertThrows(
        ActionException.class,
        () ->
            refused.run(
                "dotenv.edit", json("{'file': '" + file + "', 'set': {'A': '2'}}"), context));
    assertEquals("A=1\n", Files.readString(file));
  }

  @Test
  void aWrongInputNamesTheFieldAndTouchesNothing() {
    for (String[] wrong :
        new String[][] {
          {"{}", "`file` is missing"},
          {"{'file': '/x', 'sett': {}}", "there is no `sett`"},
          {"{'file': '/x', 'create': 'maybe'}", "`create`"},
          {"{'file': ['/x']}", "`file`"},
          {"[]", "must be an object"}
        }) {
      ActionException refused =
          assertThrows(ActionException.class, () -> run("dotenv.edit", wrong[0]));
      assertEquals(ActionException.Kind.INVALID_INPUT, refused.kind());
      assertTrue(refused.getMessage().contains(wrong[1]), refused.getMessage());
    }
    assertEquals(List.of(), journal);
  }

  @Test
  void aPreviewIsNotNotedAndChangesNothing() throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), "A=1\n");

    JsonNode preview =
        runner.preview(
            "dotenv.edit", json("{'file': '" + file + "', 'set': {'T': 'secret:TOKEN'}}"), context);

    assertTrue(preview.get("changes").asBoolean());
    assertFalse(preview.toString().contains("s3cr3t-value"), preview.toString());
    assertEquals("A=1\n", Files.readString(file));
    assertEquals(List.of(), journal);
  }

  @Test
  void anUnknownActionIsAnsweredWithThoseThatThereAre() {
    String said = assertThrows(ActionException.class, () -> run("disk.chek", "{}")).getMessage();
    assertTrue(said.contains("disk.chek") && said.contains("disk.check"), said);
  }

  @Test
  void everyActionOfTheCatalogSaysWhatItIsAndWhetherItMayBeRepeated() throws Exception {
    JsonNode actions = new ObjectMapper().readTree(ActionRegistry.catalog()).get("actions");
    assertTrue(actions.size() >= 13);
    for (JsonNode action : actions) {
      assertFalse(action.get("summary").asText().isBlank(), action.get("name").asText());
      assertFalse(action.get("because").asText().isBlank(), action.get("name").asText());
      assertFalse(action.get("summary").asText().endsWith("."), action.get("name").asText());
    }
  }

  @Test
  void anAttemptThatWasBegunBeforeIsAnsweredByWhatWasNotedAndNeverDoneAgain() throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), "A=1\n");
    String input = "{'file': '" + file + "', 'set': {'A': '2'}}";

    JsonNode noted = json("{'changed': true}");
    assertEquals(
        noted, begunBefore(new Journal.Done(noted)).run("dotenv.edit", json(input), context));
    assertEquals(
        ActionException.Kind.NOT_ALLOWED,
        refusal(new Journal.Failed(ActionException.Kind.NOT_ALLOWED, "No."), input).kind());
    for (Journal.Outcome unclear :
        new Journal.Outcome[] {null, new Journal.Done(null), new Journal.Cancelled()}) {
      assertEquals(ActionException.Kind.UNKNOWN_OUTCOME, refusal(unclear, input).kind());
    }
    assertEquals("A=1\n", Files.readString(file));
  }

  @Test
  void whileAFormerAttemptGoesOnNothingIsTouchedAndTheStepSaysWhatItWaitsFor() throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), "A=1\n");
    AtomicBoolean goesOn = new AtomicBoolean(true);
    ActionRunner waiting =
        new ActionRunner(
            ActionRegistry.load(),
            (call, action, repeatable) -> {
              if (goesOn.get()) {
                throw new Journal.StillUnderWayException(1, 42);
              }
              return outcome -> {};
            });
    List<String> during = new ArrayList<>();
    context.atHeartbeat(
        () -> {
          during.add(text(file));
          goesOn.set(false);
        });

    waiting.run("dotenv.edit", json("{'file': '" + file + "', 'set': {'A': '2'}}"), context);

    assertEquals(List.of("A=1\n"), during);
    assertEquals("A=2\n", text(file));
    assertTrue(context.heartbeats().get(0).contains("process 42"), context.heartbeats()::toString);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ActionException refusal(Journal.Outcome noted, String input) {
    return assertThrows(
        ActionException.class, () -> begunBefore(noted).run("dotenv.edit", json(input), context));
  }

  private static ActionRunner begunBefore(Journal.Outcome noted) {
    return new ActionRunner(
        ActionRegistry.load(),
        (call, action, repeatable) -> {
          throw new Journal.BegunBeforeException(noted);
        });
  }

  private JsonNode run(String action, String input) throws Exception {
    return runner.run(action, json(input), context);
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
