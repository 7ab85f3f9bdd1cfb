package dev.backout.cli;

import dev.backout.history.Choices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "reject",
    header = "Say no at a checkpoint.",
    description = {"", "One no is enough: the run stops there.", ""},
    footer = {"  backout reject @latest authorize --reason \"the primary is back\""})
final class RejectCommand extends DecisionCommand {
  @Parameters(
      index = "1",
      paramLabel = "CHECKPOINT",
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
    return decide(run, step, Choices.REJECT, reason);
  }
}
