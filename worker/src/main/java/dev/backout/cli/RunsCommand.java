package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.RunsView;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final int MOST_NEXT = 3;

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
        print(new RunsView(runs, stopped(client, runs), now()).page(look()));
      } else {
        print(runs, output.format);
      }
      return ExitCode.DONE;
    }
  }

  /** Of each target the newest run, if it has stopped on its way. */
  private static List<RunStatus> stopped(BackoutClient client, List<RunSummary> runs) {
    Map<String, RunSummary> newest = new LinkedHashMap<>();
    runs.forEach(run -> newest.putIfAbsent(run.target(), run));
    return newest.values().stream()
        .filter(run -> run.state().isFinal() && run.state() != RunState.SUCCEEDED)
        .limit(MOST_NEXT)
        .map(run -> client.timeline(run).status())
        .filter(RunStatus::canBeGoneOnWith)
        .toList();
  }
}
