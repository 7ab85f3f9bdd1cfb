package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.Page;
import dev.backout.cli.view.ResumeView;
import dev.backout.cli.view.RunNames;
import dev.backout.client.BackoutClient;
import dev.backout.client.StoppedRun;
import dev.backout.config.Settings;
import dev.backout.history.Resumption;
import dev.backout.history.Resumption.Lost;
import dev.backout.history.RunStatus.RunState;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.TakeBackPlan;
import dev.backout.worker.LocalJournal;
import dev.backout.workflow.RunRequest;
import dev.backout.workflow.StepPreview;
import dev.backout.workflow.TargetHeldException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "resume",
    header = "Go on with a run that has stopped on its way.",
    description = {
      "",
      "A new run of the same plan goes on from where the former one failed, was stopped, cancelled or"
          + " terminated, or lost its server. What was done is not done again, and keeps its"
          + " outputs. What may or may not have happened is settled first, by the worker's journal,"
          + " the step's probe or a person.",
      "",
      "It is shown first which steps are taken over. The preflight is run again; an approval counts"
          + " again only where nobody would be shown anything else now, and where no policy is in"
          + " force.",
      "",
      "With --plan a repaired runbook goes on instead, with the former run's inputs where none are"
          + " given. It is refused when a step that was done would do something else in it.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the run succeeded; with --detach: it was started",
      "1:there is no such run, it can't be gone on with, the answer was no, or an error",
      "2:the command was not understood, or --yes is missing where nobody can be asked",
      "3:the runbook of --plan or its inputs have problems",
      "4:not allowed",
      "5:the run failed or was stopped",
      "6:it waits for a person (with --until-waiting)",
      "7:the target is held by another run",
      "130:interrupted; the run goes on"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout resume @latest",
      "  backout resume signal-harvester --reason \"the disk has room again\"",
      "  backout resume 5f0c9c1e --plan repaired.yaml --yes"
    })
final class ResumeCommand extends BackoutCommand {
  @Parameters(paramLabel = "RUN", description = "A run id, its beginning, a target or @latest.")
  String run = "";

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "A repaired runbook to go on with. Default: the former run's own plan.")
  @Nullable String file;

  @Mixin RunbookFile runbook = new RunbookFile();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
  @Nullable String reason;

  @Option(
      names = {"-y", "--yes"},
      description = "Start without asking.")
  boolean yes;

  @Option(names = "--step-by-step", description = "Ask before each step: continue, skip or stop.")
  boolean stepByStep;

  @Option(names = "--detach", description = "Start it and return.")
  boolean detach;

  @Mixin Following following = new Following();

  @Mixin PersonOption person = new PersonOption();

  @Mixin SigningOption signing = new SigningOption();

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws IOException, InterruptedException, TargetHeldException {
    if (file == null && runbook.hasInputs()) {
      throw usage("The former run has its inputs. Give them with --plan, or leave them out.");
    }
    Settings settings = settings(connection);
    try (BackoutClient client = BackoutClient.open(settings)) {
      RunSummary named = client.resolveRun(run);
      refuseState(named);
      StoppedRun former = client.stopped(named);
      refuse(former);
      ExecutionPlan plan = plan(former);
      Resumption whole =
          file == null
              ? former.resumption()
              : Repaired.takenOver(former.plan(), plan, former.resumption());
      Resumption taken = HandedOn.within(withWhatWasLost(client, settings, former, whole), plan);
      show(former, taken, Preview.failing(Preview.ask(client, plan, this)));
      String question = "Go on with run " + RunNames.prefix(named.runId()) + "?";
      if (!yes && !Prompt.yes(question, "--yes", this)) {
        say("Nothing was started.");
        return ExitCode.ERROR;
      }
      return started(client, client.start(request(client, former, plan, taken)));
    }
  }

  /** With runs of which nothing is left but what the worker's journal has noted. */
  private static Resumption withWhatWasLost(
      BackoutClient client, Settings settings, StoppedRun former, Resumption taken) {
    LocalJournal journal = new LocalJournal(settings.state());
    List<String> runs = new ArrayList<>(taken.lost() == null ? List.of() : taken.lost().runs());
    ExecutionPlan plan = former.plan();
    journal.runsSince(plan.target(), plan.runbook(), former.run().startedAt()).stream()
        .filter(run -> !client.knows(run) && !runs.contains(run))
        .forEach(runs::add);
    if (runs.isEmpty()) {
      return taken;
    }
    Instant since = taken.lost() == null ? former.run().startedAt() : taken.lost().since();
    return taken.losing(
        new Lost(runs, since, false, journal.ofAll(former.histories()).orElse(null)));
  }

  private RunRequest request(
      BackoutClient client, StoppedRun former, ExecutionPlan plan, Resumption taken)
      throws IOException {
    String by = person.name(this);
    RunRequest request =
        new RunRequest(
            plan, by, reason, former.status().incidentAt(), client.server().searchAttributes());
    return request
        .withStepByStep(stepByStep ? true : null)
        .withResumes(taken)
        .withSignature(signing.start(plan, client.namespace(), by, this));
  }

  private static void refuseState(RunSummary run) {
    String id = RunNames.prefix(run.runId());
    if (run.parentRunId() != null) {
      throw refusal(
          "Run "
              + id
              + " is of a child runbook. Go on with the run that called it, "
              + RunNames.prefix(run.parentRunId())
              + ".");
    }
    if (!run.state().isFinal()) {
      throw refusal("Run " + id + " has not ended: backout watch " + id);
    }
    if (run.state() == RunState.SUCCEEDED || run.state() == RunState.UNDONE) {
      throw refusal(
          "Run "
              + id
              + " has come to its end ("
              + RunNames.word(run.state())
              + "): there is nothing to go on with.");
    }
  }

  private static void refuse(StoppedRun former) {
    String id = RunNames.prefix(former.run().runId());
    if (!former.underWay().isEmpty()) {
      String child = RunNames.prefix(former.underWay().get(0).runId());
      throw refusal(
          "Run "
              + id
              + " has ended, and its child runbook's run "
              + child
              + " has not: backout watch "
              + child);
    }
    former
        .resumedBy()
        .ifPresent(
            later -> {
              String newer = RunNames.prefix(later.runId());
              throw refusal(
                  "Run "
                      + newer
                      + " has gone on from run "
                      + id
                      + " already: backout resume "
                      + newer);
            });
    if (former.takenBackBy().isPresent()) {
      throw refusal(
          "Run "
              + id
              + " was taken back by run "
              + RunNames.prefix(former.takenBackBy().get().runId())
              + ". Begin anew with `backout run`.");
    }
    if (!former.status().undo().isEmpty() || TakeBackPlan.undoes(former.plan()).isPresent()) {
      throw refusal(
          "Run "
              + id
              + " was taking back what was done, and that is not gone on with. `backout undo "
              + TakeBackPlan.undoes(former.plan()).map(RunNames::prefix).orElse(id)
              + "` takes back what is left.");
    }
  }

  private static CommandFailure refusal(String why) {
    return new CommandFailure(ExitCode.ERROR, why);
  }

  private ExecutionPlan plan(StoppedRun former) {
    if (file == null) {
      return former.plan();
    }
    runbook.inheriting(file, former.plan().inputs());
    ExecutionPlan plan = runbook.plan(file, this);
    if (!plan.target().equals(former.plan().target())) {
      throw refusal(
          "The runbook is for the target "
              + plan.target()
              + ", and the former run was on "
              + former.plan().target()
              + ".");
    }
    if (!plan.runbook().equals(former.plan().runbook())) {
      throw refusal(
          "The runbook is named "
              + plan.runbook()
              + ", and the former run's "
              + former.plan().runbook()
              + ": under that name the worker's journal knows its acts.");
    }
    return plan;
  }

  private void show(StoppedRun former, Resumption taken, List<StepPreview> failing) {
    if (!output.isText()) {
      return;
    }
    Page page = new Page(look());
    ResumeView.add(page, former.run().runId(), taken);
    failing.forEach(
        step ->
            page.wrapped(
                "  ",
                "The preflight's "
                    + step.path()
                    + " does not hold now, and will be asked about: "
                    + step.problem()));
    former
        .since()
        .forEach(
            later ->
                page.blank()
                    .wrapped(
                        "",
                        "Since then run "
                            + RunNames.prefix(later.runId())
                            + " of "
                            + later.runbook()
                            + " has been on "
                            + later.target()
                            + ": what was done may no longer be so."));
    print(page.blank());
  }

  private int started(BackoutClient client, RunSummary started) throws InterruptedException {
    if (!detach) {
      return following.follow(client, started, this, output, person.name(this), signing);
    }
    String id = RunNames.prefix(started.runId());
    if (output.isText()) {
      out().println("Run " + id + " is under way: backout watch " + id);
    } else {
      print(started, output.format);
    }
    return ExitCode.DONE;
  }
}
