package dev.backout.cli;

import dev.backout.cli.view.StatusView;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    header = "Say how a run stands.",
    description = {
      "",
      "Every step with its state and times, what waits for a person with the command that decides it,"
          + " and the time left of the RTO. Also of runs that have ended, and of runs whose server is"
          + " gone.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it is under way, or succeeded",
      "1:there is no such run, or an error",
      "2:the command was not understood",
      "5:it failed, was stopped or was interrupted",
      "6:it waits for a person"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  backout status", "  backout status 3f2a -o json | jq '.waiting[].step'"})
final class StatusCommand extends BackoutCommand {
  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "@latest",
      description = "Default: @latest.")
  String run = "@latest";

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() {
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      RunStatus status = client.timeline(client.resolveRun(run)).status();
      if (output.isText()) {
        print(new StatusView(status, now()).page(look()));
      } else {
        print(status, output.format);
      }
      return ExitCode.of(status);
    }
  }
}
