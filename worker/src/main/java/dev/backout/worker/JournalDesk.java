package dev.backout.worker;

import dev.backout.action.ActionException.Kind;
import dev.backout.action.Journal;
import dev.backout.worker.SqliteJournal.Note;
import dev.backout.workflow.FormerActivity;
import dev.backout.workflow.FormerCall;
import dev.backout.workflow.SettleActivity;
import dev.backout.workflow.Settlement;
import dev.backout.workflow.Settlement.Answer;
import dev.backout.workflow.StepCall;
import io.temporal.failure.ApplicationFailure;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Says from the journal what became of an attempt in doubt. */
final class JournalDesk implements SettleActivity, FormerActivity {

  /** Who was given an attempt. */
  @FunctionalInterface
  interface Holders {
    /**
     * @return empty if nobody was given it, or nobody knows
     */
    Optional<Holder> holder(StepCall attempt);
  }

  /**
   * Who had an attempt, and of what.
   *
   * @param worker its identity
   */
  record Holder(String worker, String action) {}

  private static final Settlement NOT_BEGUN =
      new Settlement(
          Answer.NOT_BEGUN,
          null,
          "The worker that had it notes each such act before it begins, and has no note of it.");

  private final SqliteJournal journal;
  private final Holders holders;
  private final Predicate<String> isNotedFirst;
  private final Supplier<String> asking;

  /**
   * @param isNotedFirst whether an action never begins without a note, by its name
   * @param asking the id of the run that asks
   */
  JournalDesk(
      SqliteJournal journal,
      Holders holders,
      Predicate<String> isNotedFirst,
      Supplier<String> asking) {
    this.journal = journal;
    this.asking = asking;
    this.holders = holders;
    this.isNotedFirst = isNotedFirst;
  }

  @Override
  public Settlement settle(StepCall attempt) {
    try {
      Optional<Holder> holder = holders.holder(attempt);
      if (tellsOfAbsence(holder)) {
        Optional<Note> note = journal.noteOrRefuse(call(attempt));
        return note.isPresent() ? of(journal.thatCounts(note.get())) : NOT_BEGUN;
      }
      Optional<Note> note = noted(attempt);
      return note.isPresent() ? of(journal.thatCounts(note.get())) : absent(holder);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private static ApplicationFailure unreadable(SQLException e) {
    return ApplicationFailure.newFailure(
        "the journal can't be read: " + e.getMessage() + ".", Kind.TRANSIENT.name());
  }

  @Override
  public Settlement settleFormer(FormerCall former) {
    try {
      Optional<Note> newest = newest(former);
      Optional<Note> unseen = unseen(former);
      if (unseen.isPresent() && newest.filter(note -> isBefore(unseen.get(), note)).isEmpty()) {
        return ofUnseen(unseen.get());
      }
      if (newest.isPresent()) {
        return of(journal.thatCounts(newest.get()));
      }
      return journal.id().equals(former.journal()) && isNotedFirst.test(former.action())
          ? refusedAll(former)
          : settledAll(former);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /** Of the former runs that are known; what was given up before it began is none. */
  private Optional<Note> newest(FormerCall former) throws SQLException {
    List<Note> notes = new ArrayList<>();
    for (Map.Entry<String, Integer> each : former.attempts().entrySet()) {
      journal.notes(each.getKey()).stream()
          .filter(note -> isOf(former, note) && note.call().attempt() >= each.getValue())
          .forEach(notes::add);
    }
    return notes.stream().max(Comparator.comparing(Note::id));
  }

  private static boolean isOf(FormerCall former, Note note) {
    return note.call().step().equals(former.step())
        && note.call().target().equals(former.target())
        && note.call().runbook().equals(former.runbook())
        && !note.action().isEmpty();
  }

  /** Clocks are set; the order of the notes stays. */
  private static boolean isBefore(Note one, Note other) {
    return one.id() < other.id();
  }

  /** By a run that nobody has a record of. */
  private Optional<Note> unseen(FormerCall former) throws SQLException {
    Instant since = former.unseenSince();
    if (since == null) {
      return Optional.empty();
    }
    return journal.notesSince(former.target(), former.runbook(), since).stream()
        .filter(note -> note.call().step().equals(former.step()) && !note.action().isEmpty())
        .filter(note -> !isKnown(former, note.call().runId()))
        .max(Comparator.comparing(Note::id));
  }

  private boolean isKnown(FormerCall former, String run) {
    return former.known().contains(run)
        || former.attempts().containsKey(run)
        || run.equals(asking.get());
  }

  /** Whether it was a run that this one goes on from, a person has to say. */
  private static Settlement ofUnseen(Note note) {
    String end =
        note.outcome() == null
            ? ", and none of its end."
            : ", and that it ended: " + note.outcome() + ".";
    return new Settlement(
        Answer.UNKNOWN,
        null,
        "The worker's journal has a note that it began at "
            + began(note)
            + " in run "
            + note.call().runId()
            + end);
  }

  private Settlement refusedAll(FormerCall former) throws SQLException {
    for (Map.Entry<String, Integer> each : former.attempts().entrySet()) {
      Optional<Note> begun = journal.noteOrRefuse(call(former.attempt(each)));
      if (begun.isPresent()) {
        return of(begun.get());
      }
    }
    return NOT_BEGUN;
  }

  /** What isn't told by all of them isn't told. */
  private Settlement settledAll(FormerCall former) {
    Settlement told =
        new Settlement(
            Answer.UNKNOWN,
            null,
            "The journal that was asked has no note of it, and can't say whether it would have one.");
    for (Map.Entry<String, Integer> each : former.attempts().entrySet()) {
      told = settle(former.attempt(each));
      if (told.answer() != Answer.NOT_BEGUN) {
        return told;
      }
    }
    return told;
  }

  /**
   * Only the journal of the worker that had it can say that it hasn't begun, and only of what is
   * never begun without a note.
   */
  private boolean tellsOfAbsence(Optional<Holder> holder) throws SQLException {
    String journalId = journal.id();
    return holder
        .filter(each -> WorkerIdentity.isOfJournal(each.worker(), journalId))
        .filter(each -> isNotedFirst.test(each.action()))
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

  private static Settlement absent(Optional<Holder> holder) {
    return new Settlement(
        Answer.UNKNOWN,
        null,
        "The journal that was asked has no note of it, and can't say: "
            + holder
                .map(each -> "it was given to " + each.worker() + ".")
                .orElse("which worker had it isn't known."));
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
