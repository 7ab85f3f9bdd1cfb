package dev.backout.cli.view;

import dev.backout.history.Choices;
import dev.backout.history.Elapsed;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.UndoPlan.WouldUndo;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

/** What a run wants of a person, and the exact command that gives it. */
final class WaitingText {
  private WaitingText() {}

  static void add(Page page, RunStatus run, Waiting waiting, Instant now) {
    Duration since = Elapsed.between(waiting.since(), now);
    page.add(
        Line.of(Tone.WARN, headline(waiting))
            .and(Tone.STRONG, waiting.step().isEmpty() ? "the run" : waiting.step())
            .and(Tone.FAINT, " since " + Times.took(since))
            .cut(page.look().width(), page.look()));
    page.text("  ", Tone.STRONG, waiting.question());
    askedOf(page, run, waiting, now);
    items(page, waiting);
    waiting.decided().stream()
        .filter(decision -> decision.tick() == null)
        .forEach(decision -> page.add(Line.of("  ").and(StepRow.decision(decision))));
    undo(page, waiting);
    waiting.choices().forEach(choice -> page.command("    ", command(run, waiting, choice)));
  }

  private static String headline(Waiting waiting) {
    return switch (waiting.reason()) {
      case CHECKPOINT -> "A person decides: ";
      case FAILURE -> "Failed, and asks what to do: ";
      case DOUBT -> "In doubt whether it happened: ";
      case MANUAL -> "To be done by hand: ";
      case PAUSE -> "Paused: ";
      case STEP -> "Asks before it begins: ";
    };
  }

  private static void items(Page page, Waiting waiting) {
    for (int i = 1; i <= waiting.items().size(); i++) {
      TakenDecision ticked = waiting.ticked(i).orElse(null);
      String text = i + " " + waiting.items().get(i - 1);
      page.wrapped(
          Line.of(ticked == null ? "  [ ] " : "  [x] "),
          ticked == null ? Tone.STRONG : Tone.FAINT,
          ticked == null ? text : text + ", " + StepRow.by(ticked));
    }
  }

  /** What a choice will do is shown before it is taken. */
  private static void undo(Page page, Waiting waiting) {
    if (waiting.undo().isEmpty()) {
      return;
    }
    String which = waiting.choices().contains("undo") ? "undo" : "reject";
    page.wrapped("  ", "`" + which + "` takes back, in this order:");
    for (WouldUndo line : waiting.undo()) {
      String action = line.action() == null ? "" : " (" + line.action() + ")";
      String note = line.note() == null ? "" : ". " + line.note();
      page.wrapped("    ", line.step() + action + note);
    }
  }

  private static void askedOf(Page page, RunStatus run, Waiting waiting, Instant now) {
    if (waiting.reason() == WaitingFor.CHECKPOINT) {
      page.wrapped(
          "  ",
          "Wanted: "
              + Wanted.of(waiting.quorum(), waiting.approvers(), waiting.quorums())
              + (run.mayStarterApprove(waiting)
                  ? "."
                  : ", and not " + run.startedBy() + ", who started the run."));
    }
    if (waiting.deadline() != null) {
      Duration left = Duration.between(now, waiting.deadline());
      page.wrapped(
          Line.of("  "),
          Tone.WARN,
          (left.isNegative() ? "Now " : "In " + Times.took(left) + " ") + then(waiting));
    }
  }

  private static String then(Waiting waiting) {
    String what = waiting.onDeadline() == null ? "the run stops." : waiting.onDeadline();
    return what.startsWith("Then ") ? what.substring("Then ".length()) : what;
  }

  /** The same decision from any terminal. */
  static String command(RunStatus run, Waiting waiting, String choice) {
    String id = RunNames.prefix(run.runId());
    if (choice.equals(Choices.DONE)) {
      return "backout settle %s %s --done --reason \"…\"".formatted(id, waiting.step());
    }
    if (choice.equals(Choices.RETRY) && waiting.reason() == WaitingFor.DOUBT) {
      return "backout settle %s %s --not-done --reason \"…\"".formatted(id, waiting.step());
    }
    if (choice.equals(Choices.TICK)) {
      return "backout tick %s %s %d".formatted(id, waiting.step(), nextItem(waiting));
    }
    String flag = choice.equals(Choices.APPROVE) ? "--comment" : "--reason";
    String what = waiting.step().isEmpty() ? id : id + " " + waiting.step();
    return choice.equals(Choices.CONTINUE)
        ? "backout continue " + what
        : "backout %s %s %s \"…\"".formatted(choice, what, flag);
  }

  private static int nextItem(Waiting waiting) {
    return IntStream.rangeClosed(1, waiting.items().size())
        .filter(item -> waiting.ticked(item).isEmpty())
        .findFirst()
        .orElse(1);
  }
}
