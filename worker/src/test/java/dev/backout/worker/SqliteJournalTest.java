package dev.backout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.StepCall;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest {
  private static final StepCall CALL = new StepCall("run-1", "rollback", "orders", "restore", 1);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void file() {
    file = folder.resolve("journal.db");
  }

  @Test
  void anActIsNotedBeforeItBeginsAndAfterItEnded() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      var act = journal.begin(CALL, "sqlite.restore", false);
      SqliteJournal.Note begun = journal.notes("run-1").get(0);
      assertNull(begun.outcome());
      assertEquals(CALL, begun.call());
      act.end("done");
      SqliteJournal.Note ended = journal.notes("run-1").get(0);
      assertEquals("done", ended.outcome());
      assertNotNull(ended.endedAt());
    }
  }

  @Test
  void anotherProcessWouldReadTheNoteWhileTheActIsUnderWay() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file);
        SqliteJournal other = SqliteJournal.open(file)) {
      journal.begin(CALL, "sqlite.restore", false);
      assertEquals(1, other.notes("run-1").size());
    }
  }

  @Test
  void actsOfManyThreadsAndTwoWorkersAreAllNoted() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (SqliteJournal one = SqliteJournal.open(file);
        SqliteJournal two = SqliteJournal.open(file)) {
      List<Callable<Object>> acts =
          IntStream.range(0, 200)
              .<Callable<Object>>mapToObj(
                  i ->
                      () -> {
                        (i % 2 == 0 ? one : two).begin(CALL, "command.run", i % 3 == 0).end("done");
                        return i;
                      })
              .toList();
      for (var act : threads.invokeAll(acts)) {
        act.get();
      }
      List<SqliteJournal.Note> notes = one.notes("run-1");
      assertEquals(200, notes.size());
      assertTrue(notes.stream().allMatch(note -> "done".equals(note.outcome())));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void withoutItsNoteAnActThatMustNotBeRepeatedDoesNotBeginAndOthersDo() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file);
        Connection full = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = full.createStatement()) {
      // A journal that takes no more notes, as on a full disk.
      statement.execute(
          "CREATE TRIGGER full BEFORE INSERT ON acts BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
      ActionException refused =
          assertThrows(ActionException.class, () -> journal.begin(CALL, "sqlite.restore", false));
      assertEquals(ActionException.Kind.TRANSIENT, refused.kind());
      assertTrue(refused.getMessage().contains("was not begun"), refused.getMessage());
      assertTrue(refused.getMessage().contains("disk is full"), refused.getMessage());
      journal.begin(CALL, "http.check", true).end("done");
    }
  }

  @Test
  void aNoteThatMustNotBeLostIsSyncedAndOthersAreNot() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      assertEquals(List.of(2, 1), journal.synchronous());
    }
  }
}
