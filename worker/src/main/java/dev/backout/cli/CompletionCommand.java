package dev.backout.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    header = "Print the completion script for bash or zsh.",
    description = {""},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "2:the command was not understood"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(backout completion bash)",
      "  backout completion zsh > ~/.backout-completion && echo 'source ~/.backout-completion' >> ~/.zshrc"
    })
final class CompletionCommand extends BackoutCommand {
  /** The shells; one script serves both. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    if (shell == Shell.ZSH) {
      out().println("autoload -U +X compinit && compinit");
    }
    out().print(AutoComplete.bash("backout", commandLine().getParent()));
    return ExitCode.DONE;
  }
}
