package dev.backout.cli;

import dev.backout.history.Choices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "skip",
    header = "Go on without a failed step.",
    description = {
      "",
      "The step counts as skipped, and what needs its outputs can't run. Say in the reason who has made sure that the rest makes sense without it.",
      ""
    },
    footer = {"  backout skip @latest notify --reason \"told them by phone\""})
final class SkipCommand extends DecisionCommand {
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
    return decide(run, step, Choices.SKIP, reason);
  }
}
