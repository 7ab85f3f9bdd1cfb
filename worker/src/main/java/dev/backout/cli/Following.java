package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.RunNames;
import dev.backout.cli.view.StatusView;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import picocli.CommandLine.Option;

/** Watching a run until it ends. */
final class Following {
  @Option(
      names = "--until-waiting",
      description = "Return with exit code 6 as soon as the run waits for a person.")
  boolean untilWaiting;

  int follow(BackoutClient client, RunSummary run, BackoutCommand command, OutputOption output)
      throws InterruptedException {
    return follow(client, run, command, output, command.around().person(), new SigningOption());
  }

  /**
   * @param person who decides in the live view, if anything is to be decided
   * @param signing how they sign that
   */
  int follow(
      BackoutClient client,
      RunSummary run,
      BackoutCommand command,
      OutputOption output,
      String person,
      SigningOption signing)
      throws InterruptedException {
    RunFeed feed = new RunFeed(client, run);
    Surroundings around = command.around();
    boolean isLive = output.isText() && around.isTyped() && around.isShown() && !untilWaiting;
    if (!isLive) {
      return inLines(feed, command, output);
    }
    RunStatus last = new LiveRun(feed, command, client, person, signing).watch();
    if (last.state().isFinal()) {
      command.print(new StatusView(last, command.now()).afterwards(command.look()));
      return ExitCode.of(last);
    }
    comeBack(command, run);
    return ExitCode.INTERRUPTED;
  }

  private int inLines(RunFeed feed, BackoutCommand command, OutputOption output)
      throws InterruptedException {
    Thread farewell = new Thread(() -> comeBack(command, feed.run()), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    RunStatus last = new EventLines(feed, command, output.isText()).print(untilWaiting);
    Runtime.getRuntime().removeShutdownHook(farewell);
    if (!output.isText()) {
      command.print(last, output.format);
    } else if (last.state().isFinal()) {
      command.print(new StatusView(last, command.now()).afterwards(command.look()));
    }
    return last.state() == RunState.RUNNING ? ExitCode.INTERRUPTED : ExitCode.of(last);
  }

  private static void comeBack(BackoutCommand command, RunSummary run) {
    String id = RunNames.prefix(run.runId());
    command.say("The run goes on.");
    command.say("  back to it: backout watch " + id);
    command.say("  to end it:  backout stop " + id + " --reason \"…\"");
    command.err().flush();
  }
}
