package dev.backout.cli;

import dev.backout.history.Choices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "retry",
    header = "Do a failed step again.",
    description = {
      "",
      "A step that failed waits for a person. Put right what made it fail, then let it be tried again.",
      ""
    },
    footer = {
      "  backout retry @latest restore --reason \"stopped the process that held the file\""
    })
final class RetryCommand extends DecisionCommand {
  @Parameters(
      index = "1",
      paramLabel = "STEP",
      arity = "0..1",
      description = "As status names it. May be left out where only one waits.")
  @Nullable String step;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, for the record.")
  String reason = "";

  @Override
  public Integer call() {
    return decide(run, step, Choices.RETRY, reason);
  }
}
