package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.TimelineView;
import dev.backout.client.BackoutClient;
import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.Timeline;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "history",
    header = "Say what happened in a run, and when.",
    description = {
      "",
      "The timeline of a run: what was done, how long it took, who decided and why, what failed,"
          + " whether the objectives were met. It is read from the run's Temporal history, also while"
          + " the run goes on, also when its server is gone, also from an exported file.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:there is no such run, or an error",
      "2:the command was not understood"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout history",
      "  backout history 3f2a --export run.history.json",
      "  backout history run.history.json",
      "  backout history 3f2a -o json | jq '.entries[].text'",
      "",
      "An exported file is what Temporal's own replayer and UI read."
    })
final class HistoryCommand extends BackoutCommand {
  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "@latest",
      description = "A run, or an exported file (*.json). Default: @latest.")
  String run = "@latest";

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description = "Write the Temporal history to FILE instead.")
  @Nullable Path export;

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws IOException {
    if (run.endsWith(".json") && export == null) {
      show(read(Path.of(run)));
      return ExitCode.DONE;
    }
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      RunSummary found = client.resolveRun(run);
      if (export == null) {
        show(client.wholeTimeline(found));
      } else {
        Files.writeString(export, client.history(found).toJson(true), StandardCharsets.UTF_8);
        say("Exported: backout history " + export);
      }
    }
    return ExitCode.DONE;
  }

  private void show(Timeline timeline) {
    if (output.isText()) {
      print(new TimelineView(timeline).page(look()));
    } else {
      print(timeline, output.format);
    }
  }

  private static Timeline read(Path file) throws IOException {
    String json;
    try {
      json = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.ERROR, "The history in " + file + " can't be read: " + e.getMessage() + ".");
    }
    try {
      return new HistoryReader(Payloads.CONVERTER).read(WorkflowExecutionHistory.fromJson(json));
    } catch (RuntimeException e) {
      throw new CommandFailure(
          ExitCode.ERROR,
          file
              + " should be the history of a run, as `backout history RUN --export FILE` writes it, and is not: "
              + e.getMessage());
    }
  }
}
