package dev.backout.cli;

import dev.backout.history.Choices;
import dev.backout.history.StepPath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "undo",
    header = "Take back what a run has done.",
    description = {
      "",
      "Each step that was done and has an undo is taken back, the last one first. The step under way"
          + " finishes before. A step that may or may not have happened is asked about. What would be"
          + " taken back stands in `backout status` wherever undo is offered.",
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
      "  backout undo @latest --reason \"wrong target\"",
      "  backout undo signal-harvester start --reason \"back to PostgreSQL, it answers again\""
    })
final class UndoCommand extends DecisionCommand {
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
    return decide(run, step == null ? StepPath.RUN : step, Choices.UNDO, reason);
  }
}
