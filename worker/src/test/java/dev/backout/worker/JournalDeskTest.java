package dev.backout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionException;
import dev.backout.action.Journal;
import dev.backout.workflow.FormerCall;
import dev.backout.workflow.Settlement;
import dev.backout.workflow.Settlement.Answer;
import dev.backout.workflow.StepCall;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDeskTest {
  private static final StepCall ATTEMPT = new StepCall("run-1", "rollback", "orders", "restore", 1);
  private static final dev.backout.action.StepCall ACT =
      new dev.backout.action.StepCall("run-1", "rollback", "orders", "restore", 1);

  @TempDir Path folder;
  private SqliteJournal journal;
  private boolean isNotedFirst = true;

  @BeforeEach
  void open() throws Exception {
    journal = SqliteJournal.open(folder.resolve("journal.db"));
  }

  @AfterEach
  void close() throws Exception {
    journal.close();
  }

  @Test
  void whatTheWorkerHasNotedAsDoneIsDoneWithItsOutputs() throws Exception {
    JsonNode outputs = new ObjectMapper().readTree("{\"rows\": 3}");
    journal.begin(ACT, "sqlite.restore", false).end(new Journal.Done(outputs));
    Settlement settlement = asked();
    assertEquals(Answer.DONE, settlement.answer());
    assertEquals(outputs, settlement.outputs());
  }

  @Test
  void aFailureIsOneUnlessItsOutcomeWasUnknown() throws Exception {
    journal
        .begin(ACT, "sqlite.restore", false)
        .end(new Journal.Failed(ActionException.Kind.PERMANENT, "There is no backup."));
    assertEquals(new Settlement(Answer.FAILED, null, "There is no backup."), asked());
    StepCall second = new StepCall("run-1", "rollback", "orders", "restore", 2);
    journal
        .begin(
            new dev.backout.action.StepCall("run-1", "rollback", "orders", "restore", 2),
            "sqlite.restore",
            false)
        .end(new Journal.Failed(ActionException.Kind.UNKNOWN_OUTCOME, "It broke at COMMIT."));
    assertEquals(Answer.BROKEN_OFF, desk(own()).settle(second).answer());
  }

  @Test
  void anActOfALivingProcessIsUnderWayAndOneOfADeadProcessIsBrokenOff() throws Exception {
    journal.begin(ACT, "sqlite.restore", false);
    assertEquals(Answer.UNDER_WAY, asked().answer());
    forget("worker_mark = 'another process'");
    assertEquals(Answer.BROKEN_OFF, asked().answer());
    // An older release wrote no mark: the number alone can't tell who that is.
    forget("worker_mark = NULL");
    assertEquals(Answer.UNKNOWN, asked().answer());
  }

  @Test
  void ofAnAttemptThatStoodBackTheAnswerIsWhatBecameOfTheOther() throws Exception {
    Journal.Act first = journal.begin(ACT, "command.run", false);
    dev.backout.action.StepCall second =
        new dev.backout.action.StepCall("run-1", "rollback", "orders", "restore", 2);
    assertThrows(ActionException.class, () -> journal.begin(second, "command.run", false));
    StepCall asked = new StepCall("run-1", "rollback", "orders", "restore", 2);
    assertEquals(Answer.UNDER_WAY, desk(own()).settle(asked).answer());
    JsonNode outputs = new ObjectMapper().readTree("{\"exitCode\": 0}");
    first.end(new Journal.Done(outputs));
    assertEquals(outputs, desk(own()).settle(asked).outputs());
  }

  private void forget(String what) throws Exception {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
        Statement statement = other.createStatement()) {
      statement.execute("UPDATE acts SET " + what);
    }
  }

  @Test
  void onlyTheJournalOfTheWorkerThatHadItSaysThatItHasNotBegun() throws Exception {
    assertEquals(
        Answer.UNKNOWN,
        desk(Optional.of("backout-worker-7@far#0a0b0c0d")).settle(ATTEMPT).answer());
    assertEquals(Answer.UNKNOWN, desk(Optional.empty()).settle(ATTEMPT).answer());
    assertEquals(Answer.NOT_BEGUN, asked().answer());
    assertEquals(Answer.NOT_BEGUN, asked().answer());
    ActionException late =
        assertThrows(ActionException.class, () -> journal.begin(ACT, "sqlite.restore", false));
    assertTrue(late.getMessage().contains("given up"), late.getMessage());
  }

  @Test
  void whatMayBeginWithoutANoteIsNotSaidNotToHaveBegun() throws Exception {
    isNotedFirst = false;
    assertEquals(Answer.UNKNOWN, asked().answer());
    journal.begin(ACT, "sqlite.restore", false);
  }

  @Test
  void theNewestAttemptIsTheOneThatWasNotedLastWhateverTheClockSaid() throws Exception {
    noted("run-1", "2026-01-31T09:00:00Z", new Journal.Cancelled());
    noted("run-2", "2026-01-31T08:00:00Z", new Journal.Done(null));

    Settlement settlement =
        desk(own()).settleFormer(former(Map.of("run-1", 1, "run-2", 1), List.of(), null));

    assertEquals(Answer.DONE, settlement.answer(), settlement::said);
  }

  @Test
  void anActOfALostRunIsSeenAlsoIfTheClockWasSetBackBeforeIt() throws Exception {
    Instant since = Instant.parse("2026-01-31T08:59:00Z");
    noted("run-1", "2026-01-31T09:00:00Z", new Journal.Cancelled());
    noted("run-2", "2026-01-31T08:00:00Z", new Journal.Done(null));

    Settlement settlement =
        desk(own()).settleFormer(former(Map.of("run-1", 1), List.of("run-1"), since));

    assertEquals(Answer.UNKNOWN, settlement.answer(), settlement::said);
    assertTrue(settlement.said().contains("run run-2"), settlement::said);
    assertEquals(List.of("run-1", "run-2"), journal.runsSince("orders", "rollback", since));
  }

  @Test
  void anAttemptIsBegunOnceAlsoIfTheClockWasSetBackBehindItsNote() throws Exception {
    try (SqliteJournal then = journal("2026-01-31T09:00:00Z");
        SqliteJournal late = journal("2026-01-30T09:00:00Z")) {
      then.begin(ACT, "sqlite.restore", false).end(new Journal.Done(null));
      assertThrows(ActionException.class, () -> late.begin(ACT, "sqlite.restore", false));
    }
    assertEquals(Answer.DONE, asked().answer());
  }

  private SqliteJournal journal(String time) throws Exception {
    return SqliteJournal.open(
        folder.resolve("journal.db"), Clock.fixed(Instant.parse(time), ZoneOffset.UTC));
  }

  private void noted(String run, String time, Journal.Outcome end) throws Exception {
    try (SqliteJournal then = journal(time)) {
      then.begin(
              new dev.backout.action.StepCall(run, "rollback", "orders", "restore", 1),
              "sqlite.restore",
              false)
          .end(end);
    }
  }

  private static FormerCall former(
      Map<String, Integer> attempts, List<String> known, @Nullable Instant since) {
    return new FormerCall(
        "rollback", "orders", "restore", "sqlite.restore", attempts, known, since, null);
  }

  private Settlement asked() throws Exception {
    return desk(own()).settle(ATTEMPT);
  }

  private Optional<String> own() throws Exception {
    return Optional.of(WorkerIdentity.of(journal.id()));
  }

  private JournalDesk desk(Optional<String> holder) {
    return new JournalDesk(
        journal,
        attempt -> holder.map(worker -> new JournalDesk.Holder(worker, "sqlite.restore")),
        action -> isNotedFirst,
        () -> "asking");
  }
}
