package dev.backout.worker;

import dev.backout.action.ActionException.Kind;
import dev.backout.action.Journal;
import dev.backout.worker.SqliteJournal.Note;
import dev.backout.workflow.SettleActivity;
import dev.backout.workflow.Settlement;
import dev.backout.workflow.Settlement.Answer;
import dev.backout.workflow.StepCall;
import io.temporal.failure.ApplicationFailure;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Says from the journal what became of an attempt in doubt. */
final class JournalDesk implements SettleActivity {

  /** Who was given an attempt. */
  @FunctionalInterface
  interface Holders {
    /**
     * @return the worker's identity; empty if nobody was given it, or nobody knows
     */
    Optional<String> holder(StepCall attempt);
  }

  private final SqliteJournal journal;
  private final Holders holders;

  JournalDesk(SqliteJournal journal, Holders holders) {
    this.journal = journal;
    this.holders = holders;
  }

  @Override
  public Settlement settle(StepCall attempt) {
    try {
      Optional<Note> note = isOurs(attempt) ? journal.noteOrRefuse(call(attempt)) : noted(attempt);
      return note.map(JournalDesk::of).orElseGet(() -> absent(attempt));
    } catch (SQLException e) {
      throw ApplicationFailure.newFailure(
          "the journal can't be read: " + e.getMessage() + ".", Kind.TRANSIENT.name());
    }
  }

  /** Only the journal of the worker that had it can say that it hasn't begun. */
  private boolean isOurs(StepCall attempt) throws SQLException {
    String journalId = journal.id();
    return holders
        .holder(attempt)
        .filter(identity -> WorkerIdentity.isOfJournal(identity, journalId))
        .isPresent();
  }

  private Optional<Note> noted(StepCall attempt) throws SQLException {
    return journal.notes(attempt.runId()).stream()
        .filter(
            note ->
                note.call().step().equals(attempt.step())
                    && note.call().attempt() == attempt.attempt())
        .reduce((earlier, later) -> later);
  }

  private Settlement absent(StepCall attempt) {
    String holder = holders.holder(attempt).orElse("");
    try {
      return WorkerIdentity.isOfJournal(holder, journal.id())
          ? new Settlement(
              Answer.NOT_BEGUN,
              null,
              "The worker that had it notes each such act before it begins, and has no note of it.")
          : new Settlement(
              Answer.UNKNOWN,
              null,
              "The journal that was asked has no note of it, and can't say: "
                  + (holder.isEmpty()
                      ? "which worker had it isn't known."
                      : "it was given to " + holder + ", which writes another one."));
    } catch (SQLException e) {
      throw ApplicationFailure.newFailure(
          "the journal can't be read: " + e.getMessage() + ".", Kind.TRANSIENT.name());
    }
  }

  private static Settlement of(Note note) {
    Journal.Outcome end = note.end();
    if (end instanceof Journal.Done done) {
      return new Settlement(
          Answer.DONE,
          done.outputs(),
          "The worker noted its end at "
              + note.endedAt()
              + (done.outputs() == null ? ", and not its outputs: they were too big." : "."));
    }
    if (end instanceof Journal.Failed failed && failed.kind() != Kind.UNKNOWN_OUTCOME) {
      return new Settlement(Answer.FAILED, null, failed.message());
    }
    return end == null ? withoutEnd(note) : unclear(note, end);
  }

  private static Settlement unclear(Note note, Journal.Outcome end) {
    String how =
        end instanceof Journal.Failed
            ? "could not tell its outcome."
            : "was told to leave it in the middle.";
    return new Settlement(
        Answer.BROKEN_OFF, null, "The worker began it at " + began(note) + ", and " + how);
  }

  private static Settlement withoutEnd(Note note) {
    String began =
        "The worker began it at " + began(note) + " and noted no end; that process (" + pid(note);
    if (note.worker().isAlive()) {
      return new Settlement(Answer.UNDER_WAY, null, began + ") is alive.");
    }
    return note.worker().isGone()
        ? new Settlement(Answer.BROKEN_OFF, null, began + ") is gone.")
        : new Settlement(Answer.UNKNOWN, null, began + ") may be alive.");
  }

  private static String began(Note note) {
    return note.beganAt().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String pid(Note note) {
    return "process id " + note.worker().pid();
  }

  private static dev.backout.action.StepCall call(StepCall call) {
    return new dev.backout.action.StepCall(
        call.runId(), call.runbook(), call.target(), call.step(), call.attempt());
  }
}
