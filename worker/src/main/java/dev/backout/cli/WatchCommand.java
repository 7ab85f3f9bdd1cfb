package dev.backout.cli;

import dev.backout.client.BackoutClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    header = "Watch a run until it ends.",
    description = {
      "",
      "On a terminal a live view, in which you can also decide what waits for a person; on a pipe one"
          + " line for each event. Ctrl-C leaves the run going.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the run succeeded",
      "1:there is no such run, or an error",
      "2:the command was not understood",
      "5:the run failed or was stopped",
      "6:it waits for a person (with --until-waiting)",
      "130:interrupted; the run goes on"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout watch                     the newest run",
      "  backout watch signal-harvester    the newest run on that target",
      "  backout watch 3f2a --until-waiting || echo \"exit code $?\""
    })
final class WatchCommand extends BackoutCommand {
  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "@latest",
      description = "Default: @latest.")
  String run = "@latest";

  @Mixin Following following = new Following();

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws InterruptedException {
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      return following.follow(client, client.resolveRun(run), this, output);
    }
  }
}
