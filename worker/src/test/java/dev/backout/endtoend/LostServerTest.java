package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.plan.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What every command says of a run whose server was lost while a child runbook waited. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostServerTest {
  private static final String CHILD =
      """
      apiVersion: backout/v1
      kind: planned
      name: inner
      summary: Ask somebody.
      target: inner
      steps:
        - id: agree
          name: Go on?
          checkpoint: { approvers: [group:oncall], quorum: 1, timeout: 4h }
      """;

  private static final String PARENT =
      """
      apiVersion: backout/v1
      kind: planned
      name: outer
      summary: Ask somebody, further down.
      target: orders
      steps:
        - id: below
          name: What is done below
          runbook: inner.yaml
      """;

  private OwnBackout backout;
  private Path directory;

  @BeforeAll
  void loseTheServer(@TempDir Path root) throws Exception {
    directory = root.toRealPath();
    Files.writeString(directory.resolve("inner.yaml"), CHILD);
    Files.writeString(directory.resolve("outer.yaml"), PARENT);
    backout = OwnBackout.in(directory.resolve("own"), directory);
    Running command = backout.start("run", directory.resolve("outer.yaml").toString(), "--yes");
    assertEquals("below/agree", backout.question(command, "orders").step());
    backout.awaitArchived("orders");
    backout.awaitArchived("orders/below");
    backout.killServer();
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @Test
  void statusSaysThatItWasInterruptedAndAsksNobodyAnyMore() throws Exception {
    Said said = backout.run("status", "orders");
    assertAll(
        () -> assertEquals(5, said.exit(), said::toString),
        () -> assertTrue(said.out().contains("interrupted"), said::toString),
        () -> assertFalse(said.out().contains("backout approve"), said::toString));
    JsonNode data = Json.MAPPER.readTree(backout.run("status", "orders", "-o", "json").out());
    assertEquals("INTERRUPTED", data.path("state").asText());
    assertTrue(data.path("waiting").isEmpty(), data::toString);
  }

  @Test
  void historySaysWhereTheRecordEnds() throws Exception {
    Said said = backout.run("history", "orders");
    assertEquals(0, said.exit(), said::toString);
    assertTrue(said.out().contains("interrupted"), said::toString);
    JsonNode data = Json.MAPPER.readTree(backout.run("history", "orders", "-o", "json").out());
    assertEquals("INTERRUPTED", data.path("status").path("state").asText());
  }

  @Test
  void theListOfRunsSaysSoToo() throws Exception {
    Said said = backout.run("runs");
    assertTrue(said.out().contains("interrupted"), said::toString);
    JsonNode data = Json.MAPPER.readTree(backout.run("runs", "-o", "json").out());
    assertEquals("INTERRUPTED", data.path(0).path("state").asText());
  }

  @Test
  void thePostmortemIsOneOfAnInterruptedRun() throws Exception {
    Path page = directory.resolve("report.md");
    Said said = backout.run("postmortem", "orders", "-o", page.toString());
    assertEquals(0, said.exit(), said::toString);
    assertTrue(Files.readString(page).contains("nterrupted"), Files.readString(page));
    Path data = directory.resolve("report.json");
    backout.run("postmortem", "orders", "-o", data.toString());
    assertTrue(Files.readString(data).contains("\"Interrupted: "), Files.readString(data));
  }

  @Test
  void nothingCanBeDecidedAndTheReasonIsGiven() throws Exception {
    Said said = backout.run("approve", "orders", "below/agree");
    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.err().contains("has ended (interrupted)"), said::toString);
  }

  @Test
  void watchShowsItAndEnds() throws Exception {
    Said said = backout.run("watch", "orders");
    assertEquals(5, said.exit(), said::toString);
    assertTrue(said.out().contains("Interrupted."), said::toString);
  }
}
