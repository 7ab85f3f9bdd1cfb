package dev.backout.cli;

import dev.backout.history.Choices;
import dev.backout.history.StepPath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "stop",
    header = "End a run.",
    description = {
      "",
      "The step under way finishes, and nothing after it begins. What is done stays done: the record"
          + " says what that is. With STEP the run must be waiting there.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the decision was taken",
      "1:there is no such run, it has ended, or an error",
      "2:the command was not understood",
      "4:not allowed"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout stop @latest --reason \"wrong target\"",
      "  backout stop signal-harvester restore --reason \"we restore by hand\""
    })
final class StopCommand extends DecisionCommand {
  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "A run id, its beginning, a target or @latest.")
  String run = "";

  @Parameters(
      index = "1",
      paramLabel = "STEP",
      arity = "0..1",
      description = "The step that waits. Default: the run as a whole.")
  @Nullable String step;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, for the record.")
  String reason = "";

  @Override
  public Integer call() {
    return decide(run, step == null ? StepPath.RUN : step, Choices.STOP, reason);
  }
}
