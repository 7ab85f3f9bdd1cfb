package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.RunsView;
import dev.backout.client.BackoutClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "runs",
    header = "List runs, newest first.",
    description = {"", "Those of the server, and those that only the archive still has.", ""},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:an error", "2:the command was not understood"},
    footerHeading = "%nExamples:%n",
    footer = {"  backout runs", "  backout runs --limit 100 -o json | jq '.[].runId'"})
final class RunsCommand extends BackoutCommand {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many. Default: 20.")
  int limit = 20;

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() {
    if (limit < 1) {
      throw usage("--limit should be 1 or more, not " + limit + ".");
    }
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      List<RunSummary> runs = client.runs().stream().limit(limit).toList();
      if (output.isText()) {
        print(new RunsView(runs, now()).page(look()));
      } else {
        print(runs, output.format);
      }
      return ExitCode.DONE;
    }
  }
}
