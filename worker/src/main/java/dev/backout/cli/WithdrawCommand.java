package dev.backout.cli;

import dev.backout.history.Choices;
import picocli.CommandLine.Command;

@Command(
    name = "withdraw",
    header = "Take an approval back.",
    description = {"", "Your own, and only until the checkpoint has opened.", ""},
    footer = {"  backout withdraw @latest authorize --comment \"finance has called back\""})
final class WithdrawCommand extends CheckpointCommand {
  @Override
  public Integer call() {
    return decide(Choices.WITHDRAW);
  }
}
