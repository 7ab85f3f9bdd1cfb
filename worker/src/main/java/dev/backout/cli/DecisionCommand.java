package dev.backout.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.archive.RunSummary;
import dev.backout.cli.view.RunNames;
import dev.backout.cli.view.StatusView;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.workflow.RunClient.Addressed;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that decide have in common. */
@Command(
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the decision was taken",
      "1:there is no such run, the run refused it and says why, or an error",
      "2:the command was not understood",
      "4:not allowed"
    },
    footerHeading = "%nExamples:%n")
abstract class DecisionCommand extends BackoutCommand {
  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "A run id, its beginning, a target or @latest.")
  String run = "";

  @Mixin PersonOption person = new PersonOption();

  @Mixin SigningOption signing = new SigningOption();

  @Option(
      names = "--unsigned",
      description = "Do not sign, though the worker has a policy: the record says unverified.")
  boolean unsigned;

  @Option(
      names = "--sign-only",
      description =
          "Send nothing: print the signed decision, which anybody can send with `backout submit`.")
  boolean signOnly;

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  /** Sends the decision, and says how the run stands after it. */
  int decide(String run, @Nullable String step, String choice, @Nullable String reason) {
    return decide(run, step, choice, reason, null);
  }

  /**
   * @param details what it holds besides the choice; null for nothing
   */
  int decide(
      String run,
      @Nullable String step,
      String choice,
      @Nullable String reason,
      @Nullable JsonNode details) {
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      RunSummary found = client.resolveRun(run);
      refuseEnded(found);
      String meant = step == null ? onlyOne(client, found, choice) : step;
      Decisions decisions = new Decisions(client);
      Addressed addressed =
          decisions.address(
              found, Decisions.decision(meant, choice, person.name(this), reason, details, now()));
      addressed = signing.decision(addressed, signs(decisions, found), this);
      if (signOnly) {
        SignedDecision.of(addressed).print(this);
        return ExitCode.DONE;
      }
      decisions.send(addressed);
      show(found, meant, choice, decisions.status(found));
    }
    return ExitCode.DONE;
  }

  private boolean signs(Decisions decisions, RunSummary run) {
    return signOnly || (!unsigned && decisions.isJudged(run));
  }

  private static void refuseEnded(RunSummary run) {
    if (run.state().isFinal()) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "Run "
              + RunNames.prefix(run.runId())
              + " has ended ("
              + RunNames.word(run.state())
              + "), so there is nothing to decide any more. `backout history "
              + RunNames.prefix(run.runId())
              + "` says what happened.");
    }
  }

  /** Naming the step may be left out where only one thing can be meant. */
  private String onlyOne(BackoutClient client, RunSummary run, String choice) {
    List<Waiting> waiting =
        client.timeline(run).status().waiting().stream()
            .filter(each -> each.choices().contains(choice))
            .toList();
    if (waiting.size() == 1) {
      return waiting.get(0).step();
    }
    throw usage(
        waiting.isEmpty()
            ? "Nothing in run " + RunNames.prefix(run.runId()) + " waits for `" + choice + "`."
            : "Say which: "
                + String.join(", ", waiting.stream().map(Waiting::step).toList())
                + " wait for `"
                + choice
                + "`.");
  }

  private void show(RunSummary run, String step, String choice, RunStatus status) {
    if (!output.isText()) {
      print(status, output.format);
      return;
    }
    String what = step.isEmpty() ? "the run" : step;
    out()
        .println(
            "Taken: " + choice + " of " + what + " in run " + RunNames.prefix(run.runId()) + ".");
    print(new StatusView(status, now()).brief(look()));
  }
}
