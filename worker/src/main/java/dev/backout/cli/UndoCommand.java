package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.PlanView;
import dev.backout.cli.view.RunNames;
import dev.backout.cli.view.UndoView;
import dev.backout.client.BackoutClient;
import dev.backout.client.FormerRun;
import dev.backout.history.Choices;
import dev.backout.history.StepPath;
import dev.backout.history.UndoPlan.WouldUndo;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.TakeBackPlan;
import dev.backout.workflow.PlanPreview;
import dev.backout.workflow.RunRequest;
import dev.backout.workflow.TargetHeldException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "undo",
    header = "Take back what a run has done.",
    description = {
      "",
      "Each step that was done and has an undo is taken back, the last one first. A step that may or"
          + " may not have happened is asked about.",
      "",
      "Of a run under way: the step that it is at finishes, then all is taken back and the run ends."
          + " What would be done stands in `backout status` wherever undo is offered.",
      "",
      "Of a run that has ended: a new run takes it back. It is shown first, and refused when a step of"
          + " the former run can't be taken back, unless --partial is given.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the decision was taken; of a run that has ended: all was taken back",
      "1:there is no such run, nothing can be taken back, not all can and --partial is missing, the"
          + " answer was no, or an error",
      "2:the command was not understood, or --yes is missing where nobody can be asked",
      "4:not allowed",
      "5:taking back failed or was stopped",
      "6:it waits for a person (with --until-waiting)",
      "7:the target is held by another run"
    },
    footer = {
      "  backout undo @latest --reason \"wrong target\"",
      "  backout undo signal-harvester start --reason \"back to PostgreSQL, it answers again\"",
      "  backout undo 5f0c9c1e --partial --yes --reason \"INC-4711\""
    })
final class UndoCommand extends DecisionCommand {
  @Parameters(
      index = "1",
      paramLabel = "STEP",
      arity = "0..1",
      description = "The step that waits, in a run under way. Default: the run as a whole.")
  @Nullable String step;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, for the record.")
  String reason = "";

  @Option(
      names = "--partial",
      description = "Of a run that has ended: take back what can be, and leave the rest.")
  boolean partial;

  @Option(
      names = {"-y", "--yes"},
      description = "Of a run that has ended: start without asking.")
  boolean yes;

  @Mixin Following following = new Following();

  @Override
  public Integer call() throws IOException, InterruptedException, TargetHeldException {
    if (isUnderWay()) {
      return decide(run, step == null ? StepPath.RUN : step, Choices.UNDO, reason);
    }
    if (step != null) {
      throw usage("The run has ended, and is taken back as a whole. Leave out " + step + ".");
    }
    try (BackoutClient client = BackoutClient.open(settings(connection))) {
      return takeBack(client, client.former(client.resolveRun(run)));
    }
  }

  private boolean isUnderWay() {
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      return !client.resolveRun(run).state().isFinal();
    }
  }

  private int takeBack(BackoutClient client, FormerRun former)
      throws IOException, InterruptedException, TargetHeldException {
    refuse(former);
    ExecutionPlan plan =
        TakeBackPlan.of(former.plan(), former.run().runId(), former.left().steps());
    PlanPreview preview = Preview.ask(client, plan, this);
    if (output.isText()) {
      show(former, plan, preview);
    }
    String question = "Take back run " + RunNames.prefix(former.run().runId()) + "?";
    if (!yes && !Prompt.yes(question, "--yes", this)) {
      say("Nothing was started.");
      return ExitCode.ERROR;
    }
    String by = person.name(this);
    RunRequest request = new RunRequest(plan, by, reason, null, client.server().searchAttributes());
    RunSummary started =
        client.start(request.withSignature(signing.start(plan, client.namespace(), by, this)));
    return following.follow(client, started, this, output, by, signing);
  }

  private void refuse(FormerRun former) {
    String id = RunNames.prefix(former.run().runId());
    former
        .resumedBy()
        .ifPresent(
            later -> {
              throw new CommandFailure(
                  ExitCode.ERROR,
                  "Run "
                      + RunNames.prefix(later.runId())
                      + " has gone on from run "
                      + id
                      + ", and takes back what both have done: backout undo "
                      + RunNames.prefix(later.runId())
                      + " --reason \"…\"");
            });
    if (former.left().isEmpty()) {
      throw new CommandFailure(
          ExitCode.ERROR,
          former.takenBackBy().isEmpty()
              ? "There is nothing to take back in run "
                  + id
                  + ": no step was done that has an undo."
              : "Run "
                  + id
                  + " was taken back by run "
                  + RunNames.prefix(former.takenBackBy().get(0).runId())
                  + " already.");
    }
    List<WouldUndo> stays =
        former.left().lines().stream().filter(line -> line.action() == null).toList();
    if (!stays.isEmpty() && !partial) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "Not all of run "
              + id
              + " can be taken back by itself:\n  "
              + String.join(
                  "\n  ", stays.stream().map(line -> line.step() + ": " + line.note()).toList())
              + "\nGive --partial to take back the rest, and see to these by hand.");
    }
  }

  private void show(FormerRun former, ExecutionPlan plan, PlanPreview preview) {
    var page = new PlanView(plan, preview).page(look());
    UndoView.stays(page, former.left());
    for (RunSummary later : former.since()) {
      page.blank()
          .wrapped(
              "",
              "Since then run "
                  + RunNames.prefix(later.runId())
                  + " of "
                  + later.runbook()
                  + " has been on "
                  + later.target()
                  + ": taking back may undo what it relies on.");
    }
    print(page.blank());
  }
}
