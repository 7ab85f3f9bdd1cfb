package dev.backout.cli;

import dev.backout.history.Choices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "approve",
    header = "Say yes at a checkpoint.",
    description = {
      "",
      "The run goes on when as many people have said yes as the checkpoint wants. Where the worker has a policy it is signed with your SSH key, and counts if the policy lets you; without one a name is what its sender says, and the record marks it as unverified.",
      ""
    },
    footer = {"  backout approve @latest authorize --comment \"checked with finance\""})
final class ApproveCommand extends DecisionCommand {
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
    return decide(run, step, Choices.APPROVE, reason);
  }
}
