package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.ApprovalsView;
import dev.backout.cli.view.PlanView;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.workflow.PlanPreview;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "approvals",
    header = "List what waits for a person, on every run.",
    description = {
      "",
      "What is asked, of whom, who has decided, what has been done and what comes next, the time left,"
          + " and the command that decides. With RUN only that run's, with what its steps to come would do"
          + " as things are now.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing waits",
      "1:there is no such run, or an error",
      "2:the command was not understood",
      "6:something waits for a person"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  backout approvals", "  backout approvals @latest", "  backout approvals -o json"})
final class ApprovalsCommand extends BackoutCommand {
  @Parameters(paramLabel = "RUN", arity = "0..1", description = "Default: all that are under way.")
  String run = "";

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  /**
   * A run in which something waits.
   *
   * @param next what its steps to come would do now; null unless it was asked for by name
   * @param changed how what the preflight found differs from what it would find now
   */
  record Open(RunStatus run, @Nullable PlanPreview next, List<String> changed) {}

  @Override
  public Integer call() {
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      List<Open> open = open(client);
      if (output.isText()) {
        show(client, open);
      } else {
        print(open, output.format);
      }
      return open.isEmpty() ? ExitCode.DONE : ExitCode.WAITING;
    }
  }

  private List<Open> open(BackoutClient client) {
    return runs(client).stream()
        .filter(each -> !each.state().isFinal())
        .map(each -> open(client, each))
        .filter(each -> !each.run().waiting().isEmpty())
        .toList();
  }

  private Open open(BackoutClient client, RunSummary summary) {
    RunStatus status = client.timeline(summary).status();
    if (run.isEmpty() || status.waiting().isEmpty()) {
      return new Open(status, null, List.of());
    }
    PlanPreview now = Preview.ask(client, client.plan(summary), this);
    return new Open(status, now, SavedPlan.differences(status, now));
  }

  private void show(BackoutClient client, List<Open> open) {
    for (Open each : open) {
      PlanPreview next = each.next();
      if (next != null) {
        print(
            new PlanView(client.plan(client.resolveRun(run)), next)
                .only(toCome(each.run()), look())
                .blank());
      }
      each.changed().forEach(line -> out().println("Has changed since the preflight: " + line));
    }
    print(new ApprovalsView(open.stream().map(Open::run).toList(), now()).page(look()));
  }

  private static Set<String> toCome(RunStatus run) {
    return run.steps().stream()
        .filter(step -> step.state() == StepState.PENDING)
        .map(StepStatus::path)
        .collect(Collectors.toSet());
  }

  private List<RunSummary> runs(BackoutClient client) {
    return run.isEmpty() ? client.runs() : List.of(client.resolveRun(run));
  }
}
