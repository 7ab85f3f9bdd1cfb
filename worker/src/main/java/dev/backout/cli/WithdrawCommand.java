package dev.backout.cli;

import dev.backout.history.Choices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "withdraw",
    header = "Take an approval back.",
    description = {"", "Your own, and only until the checkpoint has opened.", ""},
    footer = {"  backout withdraw @latest authorize --comment \"finance has called back\""})
final class WithdrawCommand extends DecisionCommand {
  @Parameters(
      index = "1",
      paramLabel = "CHECKPOINT",
      arity = "0..1",
      description = "As status names it. May be left out where only one waits.")
  @Nullable String step;

  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      description = "What you have to say about it, for the record.")
  @Nullable String reason;

  @Override
  public Integer call() {
    return decide(run, step, Choices.WITHDRAW, reason);
  }
}
