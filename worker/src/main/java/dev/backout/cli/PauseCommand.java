package dev.backout.cli;

import dev.backout.history.Choices;
import dev.backout.history.StepPath;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "pause",
    header = "Hold a run before its next step.",
    description = {
      "",
      "The step under way finishes, and no further one begins until `backout continue`. Child runbooks"
          + " are held too. The clock of the RTO goes on.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the decision was taken",
      "1:there is no such run, the run refused it and says why, or an error",
      "2:the command was not understood",
      "4:not allowed"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  backout pause @latest --reason \"looking at the replica first\""})
final class PauseCommand extends DecisionCommand {
  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "A run id, its beginning, a target or @latest.")
  String run = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, for the record.")
  String reason = "";

  @Override
  public Integer call() {
    return decide(run, StepPath.RUN, Choices.PAUSE, reason);
  }
}
