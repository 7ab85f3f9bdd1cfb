package dev.backout.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.cli.view.Line;
import dev.backout.cli.view.Look;
import dev.backout.cli.view.Page;
import dev.backout.cli.view.Tone;
import dev.backout.history.Choices;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.workflow.Decision;
import dev.backout.workflow.Details;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
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

  private final String person;
  private final InstantSource clock;
  private final Consumer<Decision> sending;
  private final StringBuilder typed = new StringBuilder();
  private @Nullable String step;
  private @Nullable String choice;
  private String said = "";
  private String saidOf = "";

  /**
   * @param person who is at the keys
   * @param sending takes the decision to the run; fails by a {@link CommandFailure}
   */
  DecisionKeys(String person, InstantSource clock, Consumer<Decision> sending) {
    this.person = person;
    this.clock = clock;
    this.sending = sending;
  }

  void pressed(int key, RunStatus status) {
    if (status.waiting().isEmpty()) {
      reset();
      return;
    }
    if (choice == null) {
      choose(key, status);
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

  private void choose(int key, RunStatus status) {
    List<String> choices = choices(status);
    int index = key - '1';
    if (index >= 0 && index < choices.size()) {
      step = status.waiting().get(0).step();
      choice = choices.get(index);
      said = "";
    }
  }

  /** Those that this person can take: nobody is offered what would be refused. */
  private List<String> choices(RunStatus status) {
    Waiting waiting = status.waiting().get(0);
    boolean isForOthers = isStarter(status) && !status.mayStarterApprove(waiting);
    return waiting.choices().stream()
        .filter(each -> !(isForOthers && each.equals(Choices.APPROVE)))
        .toList();
  }

  private boolean isStarter(RunStatus status) {
    return person.equals(status.startedBy());
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
      sending.accept(
          Decisions.decision(
              where, chosen, person, reason.isEmpty() ? null : reason, details, clock.instant()));
    } catch (CommandFailure e) {
      said = String.valueOf(e.getMessage());
      saidOf = where;
    }
  }

  private static boolean needsNoReason(String chosen) {
    return chosen.equals(Choices.APPROVE) || chosen.equals(Choices.CONTINUE);
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
    String where = status.waiting().get(0).step();
    Page page = new Page(look);
    if (!said.isEmpty() && (choice != null || saidOf.equals(where))) {
      page.wrapped(Line.EMPTY, Tone.BAD, said);
    }
    return page.add(choice == null ? keys(choices(status), look) : prompt(choice)).lines();
  }

  private static Line keys(List<String> choices, Look look) {
    Line line = Line.of(Tone.ASK, "Or here:");
    for (int i = 0; i < choices.size(); i++) {
      line = line.and("  ").and(Tone.STRONG, String.valueOf(i + 1)).and(" " + choices.get(i));
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
