package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.RunNames;
import dev.backout.client.BackoutClient;
import dev.backout.client.FormerRun;
import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.Timeline;
import dev.backout.postmortem.Format;
import dev.backout.postmortem.Report;
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
    name = "postmortem",
    header = "Write the report that a postmortem starts from.",
    description = {
      "",
      "Summary, impact in time and data, timeline, decisions, what went wrong, evidence with hashes,"
          + " open questions and follow-ups of a run, as the record tells them. The file's ending says"
          + " the form: .html (one page that needs nothing else), .md or .json.",
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
      "  backout postmortem @latest -o report.html",
      "  backout postmortem 3f2a -o report.md",
      "  backout postmortem run.history.json -o report.html   from `backout history --export`"
    })
final class PostmortemCommand extends BackoutCommand {
  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "@latest",
      description = "A run, or an exported file (*.json). Default: @latest.")
  String run = "@latest";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to: *.html, *.md or *.json. Default: postmortem-RUN.html.")
  @Nullable Path file;

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws IOException {
    Format format = format();
    if (run.endsWith(".json")) {
      WorkflowExecutionHistory history = exported(Path.of(run));
      write(format, new HistoryReader(Payloads.CONVERTER).read(history), history);
      return ExitCode.DONE;
    }
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      RunSummary found = client.resolveRun(run);
      write(format, client.wholeTimeline(found), client.history(found));
    }
    return ExitCode.DONE;
  }

  private Format format() {
    if (file == null) {
      return Format.HTML;
    }
    return Format.ofFile(file.getFileName().toString())
        .orElseThrow(
            () ->
                usage(
                    "The report's file should end in one of "
                        + Format.endings()
                        + ", which says its form, and is "
                        + file
                        + "."));
  }

  private void write(Format format, Timeline timeline, WorkflowExecutionHistory history)
      throws IOException {
    Path target = file == null ? standard(timeline) : file;
    String text = format.render(Report.of(timeline, FormerRun.plan(history).orElse(null)));
    try {
      Files.writeString(target, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "The report can't be written to "
              + target
              + " ("
              + e
              + "). Name a file in a directory that is there and can be written.");
    }
    out().println(target);
  }

  private static Path standard(Timeline timeline) {
    return Path.of("postmortem-" + RunNames.prefix(timeline.status().runId()) + ".html");
  }

  private static WorkflowExecutionHistory exported(Path path) {
    try {
      return WorkflowExecutionHistory.fromJson(Files.readString(path, StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      throw new CommandFailure(
          ExitCode.ERROR,
          path
              + " should be the history of a run, as `backout history RUN --export FILE` writes it, and is not: "
              + e.getMessage());
    }
  }
}
