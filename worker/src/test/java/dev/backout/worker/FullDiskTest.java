package dev.backout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.Journal;
import dev.backout.action.StepCall;
import dev.backout.archive.Archive;
import dev.backout.archive.RunSummary;
import dev.backout.history.RunStatus.RunState;
import dev.backout.testing.RequiresProgram;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that has no room left, under the journal and under the archive. */
@RequiresProgram({"root", "mount"})
class FullDiskTest {
  private Path disk;

  @BeforeEach
  void mount(@TempDir Path root) throws Exception {
    disk = Files.createDirectories(root.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", "-l", disk.toString());
  }

  @Test
  void anActThatMustNotBeRepeatedIsRefusedBeforeItBeginsAndTheJournalStaysWhole() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(disk.resolve("journal.db"))) {
      journal.begin(call(1), "sqlite.restore", false).end(new Journal.Done(null));
      fill();
      int begun = 1;
      ActionException refused = null;
      for (int i = 2; i < 100 && refused == null; i++) {
        try {
          Journal.Act ignored = journal.begin(call(i), "sqlite.restore", false);
          begun++;
        } catch (ActionException e) {
          refused = e;
        }
      }
      assertTrue(refused != null && refused.getMessage().contains("full"), "" + refused);
      assertTrue(refused.getMessage().contains("was not begun"), refused::getMessage);
      assertEquals(begun, journal.notes("run-1").size());

      // What may be repeated goes on without a note.
      journal.begin(call(200), "dotenv.edit", true).end(new Journal.Done(null));

      Files.delete(disk.resolve("ballast"));
      journal.begin(call(begun + 1), "sqlite.restore", false).end(new Journal.Done(null));
      assertEquals("done", journal.notes("run-1").get(begun).outcome());
    }
  }

  @Test
  void theArchiveKeepsWhatItHadAndNothingHalfWritten() throws Exception {
    Archive archive = new Archive(disk.resolve("archive"));
    archive.keep(entry(2), history(2));
    fill();

    assertThrows(IOException.class, () -> archive.keep(entry(40_000), history(40_000)));

    assertEquals(2, archive.entry("run-1").orElseThrow().run().events());
    assertEquals(2, archive.history("run-1").orElseThrow().getEvents().size());
    try (var files = Files.list(archive.folder())) {
      assertEquals(
          List.of("run-1.history.json", "run-1.run.json"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    Files.delete(disk.resolve("ballast"));
    archive.keep(entry(40), history(40));
    assertEquals(40, archive.history("run-1").orElseThrow().getEvents().size());
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

  private static StepCall call(int attempt) {
    return new StepCall("run-1", "rollback", "orders", "restore", attempt);
  }

  private static Archive.Entry entry(long events) {
    return new Archive.Entry(
        new RunSummary(
            "backout/orders",
            "run-1",
            "rollback",
            "planned",
            "orders",
            null,
            null,
            RunState.RUNNING,
            Instant.EPOCH,
            null,
            null,
            RunSummary.Place.ARCHIVE,
            events),
        "server",
        true);
  }

  private static WorkflowExecutionHistory history(int events) {
    History.Builder history = History.newBuilder();
    history.addEvents(
        HistoryEvent.newBuilder()
            .setEventId(1)
            .setEventType(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
            .setWorkflowExecutionStartedEventAttributes(
                WorkflowExecutionStartedEventAttributes.getDefaultInstance()));
    for (int i = 2; i <= events; i++) {
      history.addEvents(
          HistoryEvent.newBuilder()
              .setEventId(i)
              .setEventType(EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED));
    }
    return new WorkflowExecutionHistory(history.build(), "backout/orders");
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
