package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.testing.PlainContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeOutputsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StepCall CALL = new StepCall("run-1", "runbook", "target", "look", 1);

  @TempDir private Path directory;

  @Test
  void whatFitsStaysAsItIs() {
    JsonNode small = JSON.createObjectNode().put("text", "x".repeat(60 * 1024));
    assertSame(small, WholeOutputs.bounded(small, new PlainContext()));
  }

  @Test
  void threeMegabytesAreKeptInAFileOfTheOwnerAndAnExcerptOfTheSameTypesIsLeft() throws Exception {
    ObjectNode big = big();

    JsonNode left = bounded(big);

    JsonNode whole = left.get("wholeOutputs");
    Path file = Path.of(whole.get("path").asText());
    String kept = Files.readString(file);
    assertAll(
        () -> assertTrue(Excerpt.bytes(left) <= 64 * 1024, "" + Excerpt.bytes(left)),
        () -> assertEquals(big, JSON.readTree(kept)),
        () ->
            assertEquals(
                kept.getBytes(java.nio.charset.StandardCharsets.UTF_8).length,
                whole.get("size").asInt()),
        () -> assertEquals(Sha256.of(kept), whole.get("sha256").asText()),
        () ->
            assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file))),
        () ->
            assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(directory.resolve("evidence/run-1")))),
        () -> assertEquals(31_000, left.get("count").asInt()),
        () -> assertTrue(left.get("found").asBoolean()),
        () -> assertTrue(left.get("body").asText().startsWith("ééé")),
        () -> assertTrue(left.get("body").asText().endsWith("[cut: 3000000 characters in all]")),
        () -> assertTrue(left.get("matches").get(0).isTextual()),
        () -> assertTrue(left.get("matches").size() < 31_000),
        () -> assertTrue(whole.at("/cut/body").asText().endsWith("of 3000000 characters")),
        () -> assertTrue(whole.at("/cut/matches").asText().endsWith("of 31000 elements")),
        () -> assertTrue(whole.at("/cut/words").asText().endsWith("of 5000 elements")));
    try (var files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void noRoomForTheWholeFailsNoActThatIsDone() throws Exception {
    Files.writeString(directory.resolve("evidence"), "a file where the directory should be");

    JsonNode left = bounded(big());

    assertTrue(left.at("/wholeOutputs/lost").asText().startsWith("The whole could not be kept"));
    assertFalse(left.get("wholeOutputs").has("path"));
    assertEquals(31_000, left.get("count").asInt());
  }

  @Test
  void whatTheJournalAndTheHistoryGetIsTheExcerpt() throws Exception {
    Path log = directory.resolve("app.log");
    Files.writeString(log, ("ERROR " + "x".repeat(3_000) + "\n").repeat(1_000));
    // A failure that quotes what it has found is bounded too.
    String said = Messages.bounded(Files.readString(log));
    assertTrue(said.length() < 8_000, "" + said.length());
    assertTrue(said.startsWith("ERROR") && said.endsWith("\n"), said);
  }

  @Test
  void aPreviewOfThreeMegabytesSaysHowMuchOfItIsNotShown() {
    Preview.Detail diff =
        new Preview.Detail(
            Preview.Kind.DIFF, "app.env", java.util.Collections.nCopies(50_000, "+".repeat(60)));
    Preview shown = BoundedPreview.of(new Preview("Would change it", true, List.of(diff), null));
    List<String> lines = shown.details().get(0).lines();
    assertTrue(lines.size() < 1_000, "" + lines.size());
    assertEquals(
        "… " + (50_000 - lines.size() + 1) + " more lines are not shown [cut]",
        lines.get(lines.size() - 1));
  }

  private ObjectNode big() {
    ObjectNode big = JSON.createObjectNode();
    big.put("count", 31_000).put("found", true).put("body", "é".repeat(3_000_000));
    for (int i = 0; i < 31_000; i++) {
      big.withArray("matches").add("line " + i);
    }
    ObjectNode words = big.putObject("words");
    for (int i = 0; i < 5_000; i++) {
      words.put("word" + i, i);
    }
    return big;
  }

  private JsonNode bounded(JsonNode outputs) {
    WorkerLimits limits =
        new WorkerLimits(List.of(directory), List.of(), directory.resolve("evidence"));
    SecretStore none = new SecretStore(Map.of(), null, null, null);
    try (WorkerContext context = new WorkerContext(CALL, none, limits, progress -> {})) {
      return WholeOutputs.bounded(outputs, context);
    }
  }
}
