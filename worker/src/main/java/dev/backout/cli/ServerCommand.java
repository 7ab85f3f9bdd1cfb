package dev.backout.cli;

import dev.backout.cli.view.ServerView;
import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.server.BackgroundServer;
import dev.backout.server.ServerRecord;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "server",
    header = "This machine's own background server.",
    description = {
      "",
      "Where no Temporal server is configured, Backout keeps one on this machine: a process of its"
          + " own with a worker in it, on loopback only. It is started on first use.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ServerCommand.Start.class, ServerCommand.Stop.class, ServerCommand.Status.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:an error; status: it isn't running",
      "2:the command was not understood"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  backout server status", "  backout server stop"})
final class ServerCommand extends BackoutCommand {
  @Override
  public Integer call() {
    throw usage("Say what to do with it: start, stop or status.");
  }

  /** Of the three, what is common. */
  abstract static class Part extends BackoutCommand {
    @Mixin OutputOption output = new OutputOption();

    Settings own() {
      return settings(Flags.NONE);
    }

    int show(Optional<ServerRecord> server, String none, int otherwise) {
      if (!output.isText()) {
        print(server.<Object>map(ServerView::data).orElse(Map.of("running", false)), output.format);
      } else if (server.isPresent()) {
        print(ServerView.page(server.get(), own().state(), now(), look()));
      } else {
        out().println(none);
      }
      return server.isPresent() ? ExitCode.DONE : otherwise;
    }
  }

  @Command(
      name = "start",
      header = "Start it, unless it is running.",
      description = {""},
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:it runs", "1:it can't be started", "2:the command was not understood"},
      footerHeading = "%nExamples:%n",
      footer = {"  backout server start"})
  static final class Start extends Part {
    @Override
    public Integer call() {
      return show(Optional.of(new BackgroundServer(own()).ensure()), "", ExitCode.ERROR);
    }
  }

  @Command(
      name = "stop",
      header = "Stop it. Runs under way end with an in-memory server.",
      description = {
        "",
        "An act under way may take some seconds to finish. With Temporal's development server runs go"
            + " on at the next start; with the in-memory server they end as interrupted, and their"
            + " record stays in the archive.",
        ""
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:it is stopped",
        "1:it can't be stopped",
        "2:the command was not understood"
      },
      footerHeading = "%nExamples:%n",
      footer = {"  backout server stop"})
  static final class Stop extends Part {
    @Override
    public Integer call() {
      Optional<ServerRecord> stopped = new BackgroundServer(own()).stop();
      if (output.isText()) {
        out().println(stopped.isPresent() ? "Stopped." : "It was not running.");
      } else {
        print(Map.of("stopped", stopped.isPresent()), output.format);
      }
      return ExitCode.DONE;
    }
  }

  @Command(
      name = "status",
      header = "Say whether it runs, where, and since when.",
      description = {""},
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {"0:it runs", "1:it does not run", "2:the command was not understood"},
      footerHeading = "%nExamples:%n",
      footer = {"  backout server status -o json"})
  static final class Status extends Part {
    @Override
    public Integer call() {
      return show(
          new BackgroundServer(own()).running(),
          "It is not running. `backout server start` starts it, and so does `backout run`.",
          ExitCode.ERROR);
    }
  }
}
