package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.plan.Json;
import dev.backout.testing.RequiresProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rollback on a machine whose disk fills up under the state directory, with the journal, the
 * archive and the evidence in it, while it goes on.
 */
@RequiresProgram({"root", "mount"})
class FullDiskRunTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: planned
      name: tight
      summary: Go on as far as there is room.
      target: tight
      steps:
        - id: ready
          checkpoint: { question: Ready?, approvers: [group:oncall] }
        - id: mode
          uses: dotenv.edit
          with: { file: "DIR/.env", set: { MODE: sqlite } }
        - id: act
          uses: command.run
          with: { command: [sh, "DIR/act.sh", act] }
        - id: again
          checkpoint: { question: Once more?, approvers: [group:oncall] }
        - id: big
          uses: logs.scan
          with: { file: "DIR/big.log", pattern: noise, maxMatches: 10000, samples: 1000 }
        - id: roomy
          checkpoint: { question: Room?, approvers: [group:oncall] }
        - id: last
          uses: command.run
          with: { command: [sh, "DIR/act.sh", last] }
      """;

  private Path root;
  private Path disk;
  private OwnBackout backout;

  @BeforeEach
  void mount(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    disk = Files.createDirectories(root.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    Files.writeString(root.resolve(".env"), "MODE=postgres\n");
    Files.writeString(root.resolve("act.sh"), "echo \"$1\" >> \"$(dirname \"$0\")/effects\"\n");
    Files.writeString(root.resolve("big.log"), ("noise " + "x".repeat(250) + "\n").repeat(1_000));
    Files.writeString(root.resolve("tight.yaml"), RUNBOOK.replace("DIR", root.toString()));
  }

  @AfterEach
  void unmount() throws Exception {
    backout.close();
    run("umount", "-l", disk.toString());
  }

  @Test
  void whatNeedsItsNoteWaitsForRoomTheRestGoesOnAndNothingIsLeftHalfWritten() throws Exception {
    backout = OwnBackout.in(disk, root, "sh");
    Running command = backout.start("run", root.resolve("tight.yaml").toString(), "--yes");
    assertEquals("ready", asked(command).step());
    fill();
    approve("ready");

    Waiting question = asked(command);
    assertEquals("act", question.step());
    assertTrue(question.question().contains("was not begun"), question::toString);
    assertTrue(question.question().contains("journal.db"), question::toString);
    assertTrue(question.question().contains("full"), question::toString);
    assertTrue(Files.readString(root.resolve(".env")).contains("sqlite"), "what may be repeated");
    assertFalse(Files.exists(root.resolve("effects")), "it was done without a note");
    Said status = backout.run("status", "tight");
    assertTrue(status.out().contains("was not begun"), status::toString);

    Files.delete(disk.resolve("ballast"));
    Said retried = backout.run("retry", "tight", "act", "--reason", "there is room");
    assertEquals(0, retried.exit(), retried::toString);
    assertEquals("again", asked(command).step());
    fill();
    approve("again");
    assertEquals("roomy", asked(command).step());
    JsonNode outputs = step("big").path("outputs");
    assertEquals(1_000, outputs.path("matches").asInt(), outputs::toString);
    assertTrue(
        outputs.path("wholeOutputs").path("lost").asText().contains("could not be kept"),
        outputs.path("wholeOutputs")::toString);

    Files.delete(disk.resolve("ballast"));
    approve("roomy");
    Said ended = command.said();
    assertEquals(0, ended.exit(), ended::toString);
    assertAll(
        () -> assertEquals(List.of("act", "last"), Files.readAllLines(root.resolve("effects"))),
        () -> assertEquals("ok", integrity()),
        () -> assertEquals(List.of(), drafts()),
        this::assertArchived);
  }

  /** The record outlives the server, whole. */
  private void assertArchived() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    String archived = "";
    Path archive = backout.state().resolve("archive");
    while (!archived.contains("SUCCEEDED")) {
      assertTrue(System.nanoTime() < deadline, archived);
      Thread.sleep(200);
      try (Stream<Path> files = Files.list(archive)) {
        archived =
            files
                .filter(file -> file.toString().endsWith(".run.json"))
                .map(FullDiskRunTest::read)
                .reduce("", String::concat);
      }
    }
    backout.killServer();
    JsonNode status = Json.MAPPER.readTree(backout.run("status", "tight", "-o", "json").out());
    assertEquals("SUCCEEDED", status.path("state").asText());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private Waiting asked(Running command) throws Exception {
    return backout
        .awaitQuestion(command, "tight")
        .orElseThrow(() -> new AssertionError(backout.status("tight")));
  }

  private void approve(String step) throws Exception {
    Said said = backout.run("approve", "tight", step, "--comment", "go");
    assertEquals(0, said.exit(), said::toString);
  }

  private JsonNode step(String path) throws Exception {
    JsonNode status = Json.MAPPER.readTree(backout.run("status", "tight", "-o", "json").out());
    for (JsonNode step : status.path("steps")) {
      if (step.path("path").asText().equals(path)) {
        return step;
      }
    }
    throw new AssertionError(status.toString());
  }

  private String integrity() throws Exception {
    try (Connection journal =
            DriverManager.getConnection("jdbc:sqlite:" + backout.state().resolve("journal.db"));
        Statement statement = journal.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
      return row.getString(1);
    }
  }

  private List<String> drafts() throws IOException {
    try (Stream<Path> files = Files.walk(backout.state())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".part") || name.endsWith(".tmp"))
          .toList();
    }
  }

  private void fill() throws IOException {
    byte[] block = new byte[4_096];
    try (OutputStream ballast = Files.newOutputStream(disk.resolve("ballast"))) {
      while (true) {
        ballast.write(block);
      }
    } catch (IOException e) {
      // Full, as wanted.
    }
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
