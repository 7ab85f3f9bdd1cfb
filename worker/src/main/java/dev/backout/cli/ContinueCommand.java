package dev.backout.cli;

import dev.backout.history.Choices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "continue",
    header = "Let a paused run go on, or the next step of one that asks before each.",
    description = {
      "",
      "After `backout pause` the run goes on. In a run that was started with --step-by-step the step"
          + " that comes next is done.",
      ""
    },
    footer = {"  backout continue @latest"})
final class ContinueCommand extends DecisionCommand {
  @Parameters(
      index = "1",
      paramLabel = "STEP",
      arity = "0..1",
      description = "As status names it. May be left out where only one waits.")
  @Nullable String step;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = false,
      description = "Why, for the record.")
  @Nullable String reason;

  @Override
  public Integer call() {
    return decide(run, step, Choices.CONTINUE, reason);
  }
}
