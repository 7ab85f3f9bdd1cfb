package dev.backout.cli;

import dev.backout.cli.view.Line;
import dev.backout.cli.view.LiveFrame;
import dev.backout.cli.view.Look;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.workflow.Decision;
import dev.backout.workflow.RunClient.Addressed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * A run on a terminal: repainted in place until it ends or the person leaves, whichever is first.
 */
final class LiveRun {
  private static final int KEY_PATIENCE_MILLIS = 150;
  private static final int CTRL_C = 3;

  private final RunFeed feed;
  private final BackoutCommand command;
  private final BackoutClient client;
  private final SigningOption signing;
  private final DecisionKeys keys;
  private final AtomicBoolean isLeft = new AtomicBoolean();

  /**
   * @param person who watches and may decide
   * @param signing how they sign
   */
  LiveRun(
      RunFeed feed,
      BackoutCommand command,
      BackoutClient client,
      String person,
      SigningOption signing) {
    this.feed = feed;
    this.command = command;
    this.client = client;
    this.signing = signing;
    this.keys = new DecisionKeys(person, command::now, this::send);
  }

  private void send(Decision decision) {
    Decisions decisions = new Decisions(client);
    Addressed addressed = decisions.address(feed.run(), decision);
    decisions.send(signing.decision(addressed, decisions.isJudged(feed.run()), command));
  }

  /** The run as it was last seen: final if it ended. */
  RunStatus watch() {
    try (Terminal terminal = TerminalBuilder.builder().system(true).name("backout").build()) {
      Attributes before = terminal.enterRawMode();
      terminal.handle(Terminal.Signal.INT, signal -> isLeft.set(true));
      LiveScreen screen = new LiveScreen(terminal.writer());
      try {
        return loop(terminal, screen);
      } finally {
        screen.end();
        terminal.setAttributes(before);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The terminal went away", e);
    }
  }

  private RunStatus loop(Terminal terminal, LiveScreen screen) throws IOException {
    while (true) {
      RunStatus run = feed.now().status();
      paint(terminal, screen, run);
      if (run.state().isFinal() || isLeft.get()) {
        return run;
      }
      int key = terminal.reader().read(KEY_PATIENCE_MILLIS);
      if (key == CTRL_C) {
        isLeft.set(true);
      } else if (key >= 0) {
        keys.pressed(key, run);
      } else if (key == -1) {
        isLeft.set(true);
      }
    }
  }

  private void paint(Terminal terminal, LiveScreen screen, RunStatus run) {
    Size size = terminal.getSize();
    int columns = size.getColumns() > 0 ? size.getColumns() : 80;
    int rows = size.getRows() > 0 ? size.getRows() : 24;
    Look look = command.look().withWidth(columns);
    Instant now = command.now();
    List<Line> footer = keys.footer(run, look);
    screen.paint(
        new LiveFrame(run, now).lines(look, rows - 1, footer), columns, rows, look.colour());
  }
}
