package dev.backout.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.archive.RunSummary;
import dev.backout.cli.view.Line;
import dev.backout.cli.view.Look;
import dev.backout.cli.view.Tone;
import dev.backout.client.BackoutClient;
import dev.backout.history.Choices;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.workflow.Decision;
import dev.backout.workflow.Details;
import dev.backout.workflow.RunClient.Addressed;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Deciding in the live view: a digit chooses, then the reason is typed, Enter sends it and Escape
 * goes back. What is typed here is the same decision that the commands send.
 */
final class DecisionKeys {
  private static final int ENTER = '\r';
  private static final int NEW_LINE = '\n';
  private static final int ESCAPE = 27;
  private static final int BACKSPACE = 127;
  private static final int CONTROL_H = 8;
  private static final int LONGEST = 500;

  private final BackoutClient client;
  private final Supplier<RunSummary> run;
  private final BackoutCommand command;
  private final StringBuilder typed = new StringBuilder();
  private @Nullable String step;
  private @Nullable String choice;
  private String said = "";

  DecisionKeys(BackoutClient client, Supplier<RunSummary> run, BackoutCommand command) {
    this.client = client;
    this.run = run;
    this.command = command;
  }

  void pressed(int key, RunStatus status) {
    if (status.waiting().isEmpty()) {
      reset();
      return;
    }
    if (choice == null) {
      choose(key, status.waiting().get(0));
    } else if (key == ESCAPE) {
      reset();
    } else if (key == ENTER || key == NEW_LINE) {
      send();
    } else if (key == BACKSPACE || key == CONTROL_H) {
      backspace();
    } else if (!Character.isISOControl(key) && typed.length() < LONGEST) {
      typed.appendCodePoint(key);
    }
  }

  private void choose(int key, Waiting waiting) {
    int index = key - '1';
    if (index >= 0 && index < waiting.choices().size()) {
      step = waiting.step();
      choice = waiting.choices().get(index);
      said = "";
    }
  }

  private void backspace() {
    if (!typed.isEmpty()) {
      typed.setLength(typed.offsetByCodePoints(typed.length(), -1));
    }
  }

  private void send() {
    String chosen = choice;
    String where = step;
    String reason = typed.toString().trim();
    if (chosen == null || where == null) {
      return;
    }
    if (chosen.equals(Choices.TICK)) {
      tick(where, reason);
      return;
    }
    if (reason.isEmpty() && !needsNoReason(chosen)) {
      said = "A reason is needed.";
      return;
    }
    send(where, chosen, reason, null);
  }

  /** The item's number comes first, then what there is to say about it. */
  private void tick(String where, String text) {
    String[] words = text.split("\\s+", 2);
    if (!words[0].matches("[0-9]{1,4}")) {
      said = "The number of an item is needed.";
      return;
    }
    send(
        where,
        Choices.TICK,
        words.length > 1 ? words[1] : "",
        Details.tick(Integer.parseInt(words[0])));
  }

  private void send(String where, String chosen, String reason, @Nullable JsonNode details) {
    reset();
    try {
      send(
          Decisions.decision(
              where,
              chosen,
              command.around().person(),
              reason.isEmpty() ? null : reason,
              details,
              command.now()));
    } catch (CommandFailure e) {
      said = String.valueOf(e.getMessage());
    }
  }

  private static boolean needsNoReason(String chosen) {
    return chosen.equals(Choices.APPROVE) || chosen.equals(Choices.CONTINUE);
  }

  private void send(Decision decision) {
    Decisions decisions = new Decisions(client);
    Addressed addressed = decisions.address(run.get(), decision);
    decisions.send(new SigningOption().decision(addressed, decisions.isJudged(run.get()), command));
  }

  private void reset() {
    step = null;
    choice = null;
    typed.setLength(0);
    said = "";
  }

  List<Line> footer(RunStatus status, Look look) {
    if (status.waiting().isEmpty()) {
      return status.state().isFinal()
          ? List.of()
          : List.of(Line.of(Tone.FAINT, "Ctrl-C leaves; the run goes on."));
    }
    Line line = choice == null ? keys(status.waiting().get(0), look) : prompt(choice);
    return said.isEmpty()
        ? List.of(line)
        : List.of(Line.of(Tone.BAD, said).cut(look.width(), look), line);
  }

  private static Line keys(Waiting waiting, Look look) {
    Line line = Line.of(Tone.ASK, "Or here:");
    for (int i = 0; i < waiting.choices().size(); i++) {
      line =
          line.and("  ")
              .and(Tone.STRONG, String.valueOf(i + 1))
              .and(" " + waiting.choices().get(i));
    }
    Line whole = line.and(Tone.FAINT, "  Ctrl-C leaves");
    return whole.width() <= look.width() ? whole : line;
  }

  private Line prompt(String chosen) {
    String what =
        switch (chosen) {
          case Choices.APPROVE -> "comment, or nothing";
          case Choices.TICK -> "number of the item, then a comment, or nothing";
          default -> "reason";
        };
    return Line.of(Tone.ASK, chosen + " " + step + ", " + what + " (Enter sends, Esc goes back): ")
        .and(typed + "_");
  }
}
