package dev.backout.cli;

import dev.backout.history.Choices;
import dev.backout.history.StepPath;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "pause",
    header = "Hold a run before its next step.",
    description = {
      "",
      "The step under way finishes, and no further one begins until `backout continue`. Child runbooks"
          + " are held too. The clock of the RTO goes on.",
      ""
    },
    footer = {"  backout pause @latest --reason \"looking at the replica first\""})
final class PauseCommand extends DecisionCommand {
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
