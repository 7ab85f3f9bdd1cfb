package dev.backout.cli;

import picocli.CommandLine.Command;

@Command(
    name = "policy",
    header = "The worker's policy: who may do what.",
    description = {
      "",
      "A worker's policy.yaml says who may start and decide what, and what may be done at all. No"
          + " runbook and no command widens it.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = PolicyCheckCommand.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "2:the command was not understood",
      "3:the policy has problems",
      "4:not allowed"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  backout policy check"})
final class PolicyCommand extends BackoutCommand {
  @Override
  public Integer call() {
    throw usage("Say what to do with it: check.");
  }
}
