package dev.backout.cli;

import dev.backout.history.Choices;
import picocli.CommandLine.Command;

@Command(
    name = "approve",
    header = "Say yes at a checkpoint.",
    description = {
      "",
      "The run goes on when as many people have said yes as the checkpoint wants. Where the worker has a policy it is signed with your SSH key, and counts if the policy lets you; without one a name is what its sender says, and the record marks it as unverified.",
      ""
    },
    footer = {"  backout approve @latest authorize --comment \"checked with finance\""})
final class ApproveCommand extends CheckpointCommand {
  @Override
  public Integer call() {
    return decide(Choices.APPROVE);
  }
}
