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
      "The step under way finishes (with --now it is interrupted), and nothing after it begins. What is done stays done: the record"
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
    footer = {
      "  backout stop @latest --reason \"wrong target\"",
      "  backout stop @latest --now --reason \"it restores the wrong backup\"",
      "  backout stop signal-harvester restore --reason \"we restore by hand\""
    })
final class StopCommand extends DecisionCommand {
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

  @Option(
      names = "--now",
      description =
          "Interrupt the step under way too. What can't be told to have happened is then in doubt.")
  boolean now;

  @Override
  public Integer call() {
    if (now && step != null) {
      throw usage("--now is for the run as a whole. Leave out " + step + ".");
    }
    return decide(
        run, step == null ? StepPath.RUN : step, now ? Choices.STOP_NOW : Choices.STOP, reason);
  }
}
