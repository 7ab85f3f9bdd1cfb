package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.ApprovalsView;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "approvals",
    header = "List what waits for a person, on every run.",
    description = {
      "",
      "What is asked, of whom, who has decided, what has been done and what comes next, the time left,"
          + " and the command that decides. With RUN only that run's.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing waits",
      "1:there is no such run, or an error",
      "2:the command was not understood",
      "6:something waits for a person"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  backout approvals", "  backout approvals @latest", "  backout approvals -o json"})
final class ApprovalsCommand extends BackoutCommand {
  @Parameters(paramLabel = "RUN", arity = "0..1", description = "Default: all that are under way.")
  String run = "";

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() {
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      List<RunStatus> waiting =
          runs(client).stream()
              .filter(each -> !each.state().isFinal())
              .map(each -> client.timeline(each).status())
              .filter(each -> !each.waiting().isEmpty())
              .toList();
      if (output.isText()) {
        print(new ApprovalsView(waiting, now()).page(look()));
      } else {
        print(waiting, output.format);
      }
      return waiting.isEmpty() ? ExitCode.DONE : ExitCode.WAITING;
    }
  }

  private List<RunSummary> runs(BackoutClient client) {
    return run.isEmpty() ? client.runs() : List.of(client.resolveRun(run));
  }
}
