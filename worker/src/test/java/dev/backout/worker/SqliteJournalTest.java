package dev.backout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.backout.action.ActionException;
import dev.backout.action.Journal;
import dev.backout.action.StepCall;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest {
  private static final StepCall CALL = new StepCall("run-1", "rollback", "orders", "restore", 1);

  private static final Journal.Outcome DONE = new Journal.Done(null);

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
      act.end(DONE);
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
                        (i % 2 == 0 ? one : two)
                            .begin(step(i), "command.run", i % 3 == 0)
                            .end(DONE);
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
      journal.begin(CALL, "http.check", true).end(DONE);
    }
  }

  @Test
  void theSameAttemptDoesNotBeginTwiceAlsoOnAnotherWorkerWithTheSameJournal() throws Exception {
    ObjectMapper json = new ObjectMapper();
    try (SqliteJournal one = SqliteJournal.open(file);
        SqliteJournal two = SqliteJournal.open(file)) {
      var act = one.begin(CALL, "sqlite.restore", false);
      String unclear = begunBefore(two).getMessage();
      assertTrue(unclear.contains("how it ended was not noted"), unclear);
      act.end(new Journal.Done(json.readTree("{\"rows\": 3}")));
      String done = begunBefore(two).getMessage();
      assertTrue(done.contains("it ended as done"), done);
      assertEquals(
          new Journal.Done(json.readTree("{\"rows\": 3}")), two.notes("run-1").get(0).end());
      two.begin(attempt(2), "sqlite.restore", false).end(DONE);
    }
  }

  private static ActionException begunBefore(SqliteJournal journal) {
    return assertThrows(
        Journal.BegunBeforeException.class, () -> journal.begin(CALL, "sqlite.restore", false));
  }

  @Test
  void anAttemptThatIsFoundNotToHaveBegunNeverBegins() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      assertEquals(Optional.empty(), journal.noteOrRefuse(CALL));
      assertEquals(Optional.empty(), journal.noteOrRefuse(CALL));
      String refused = begunBefore(journal).getMessage();
      assertTrue(refused.contains("given up before it began"), refused);
    }
  }

  @Test
  void anAttemptThatMayBeRepeatedWaitsForAFormerOneThatGoesOn() throws Exception {
    try (SqliteJournal one = SqliteJournal.open(file);
        SqliteJournal two = SqliteJournal.open(file)) {
      var former = one.begin(CALL, "dotenv.edit", true);
      String waits =
          assertThrows(
                  Journal.StillUnderWayException.class,
                  () -> two.begin(attempt(2), "dotenv.edit", true))
              .getMessage();
      assertTrue(waits.contains("attempt 1, which is still under way"), waits);
      two.begin(new StepCall("run-1", "rollback", "orders", "another", 1), "dotenv.edit", true);
      former.end(DONE);
      two.begin(attempt(2), "dotenv.edit", true).end(DONE);
    }
  }

  @Test
  void anAttemptOfADeadProcessIsNotWaitedFor() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      journal.begin(CALL, "dotenv.edit", true);
      statement.execute("UPDATE acts SET worker_mark = 'another process'");
      journal.begin(attempt(2), "dotenv.edit", true).end(DONE);
    }
  }

  @Test
  void anActWhoseEndCouldNotBeNotedIsNotWaitedForByTheProcessThatEndedIt() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file);
        Connection full = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = full.createStatement()) {
      var act = journal.begin(CALL, "dotenv.edit", true);
      statement.execute(
          "CREATE TRIGGER full BEFORE UPDATE ON acts BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
      act.end(DONE);
      statement.execute("DROP TRIGGER full");
      journal.begin(attempt(2), "dotenv.edit", true).end(DONE);
    }
  }

  @Test
  void anAttemptThatMustNotBeRepeatedStandsBackForAFormerOneThatGoesOnWhichThenCountsForIt()
      throws Exception {
    try (SqliteJournal one = SqliteJournal.open(file);
        SqliteJournal two = SqliteJournal.open(file)) {
      var former = one.begin(CALL, "command.run", false);
      for (int next = 2; next <= 3; next++) {
        StepCall later = attempt(next);
        ActionException refused =
            assertThrows(ActionException.class, () -> two.begin(later, "command.run", false));
        assertEquals(ActionException.Kind.UNKNOWN_OUTCOME, refused.kind());
        assertTrue(refused.getMessage().contains("was not begun: attempt 1"), refused::getMessage);
      }
      SqliteJournal.Note third = two.notes("run-1").get(2);
      assertNull(two.thatCounts(third).end());
      former.end(DONE);
      assertEquals(DONE, two.thatCounts(third).end());
      assertEquals(1, two.thatCounts(third).call().attempt());
    }
  }

  @Test
  void outputsThatAreTooBigAreNotKeptAndTheEndIs() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      var act = journal.begin(CALL, "sqlite.restore", false);
      act.end(new Journal.Done(new TextNode("x".repeat(64 * 1024))));
      assertEquals(DONE, journal.notes("run-1").get(0).end());
    }
  }

  @Test
  void aJournalOfAnOlderReleaseIsBroughtUpToDateAndKeepsItsNotes() throws Exception {
    try (Connection old = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = old.createStatement()) {
      statement.execute(
          """
          CREATE TABLE acts (
            id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, runbook TEXT NOT NULL,
            target TEXT NOT NULL, step TEXT NOT NULL, attempt INTEGER NOT NULL,
            action TEXT NOT NULL, repeatable INTEGER NOT NULL, worker_pid INTEGER NOT NULL,
            began_at TEXT NOT NULL, ended_at TEXT, outcome TEXT) STRICT""");
      statement.execute(
          "INSERT INTO acts VALUES (1, 'run-1', 'rollback', 'orders', 'restore', 1,"
              + " 'sqlite.restore', 0, 4194305, '2026-01-31T09:00:00Z', NULL, NULL)");
    }
    try (SqliteJournal journal = SqliteJournal.open(file);
        SqliteJournal again = SqliteJournal.open(file)) {
      SqliteJournal.Note note = journal.notes("run-1").get(0);
      assertEquals(CALL, note.call());
      assertNull(note.end());
      assertTrue(note.worker().isGone());
      assertEquals(journal.id(), again.id());
      begunBefore(again);
    }
  }

  private static StepCall step(int number) {
    return new StepCall("run-1", "rollback", "orders", "each[" + number + "]", 1);
  }

  private static StepCall attempt(int number) {
    return new StepCall("run-1", "rollback", "orders", "restore", number);
  }

  @Test
  void aNoteThatMustNotBeLostIsSyncedAndOthersAreNot() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      assertEquals(List.of(2, 1), journal.synchronous());
    }
  }
}
