package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.Page;
import dev.backout.cli.view.PlanView;
import dev.backout.cli.view.RunNames;
import dev.backout.client.BackoutClient;
import dev.backout.history.Prediction;
import dev.backout.plan.ExecutionPlan;
import dev.backout.runbook.Runbook;
import dev.backout.workflow.PlanPreview;
import dev.backout.workflow.RunRequest;
import dev.backout.workflow.StepPreview;
import dev.backout.workflow.TargetHeldException;
import dev.backout.workflow.Usual;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    header = "Run a runbook: show it, ask, do it, and watch.",
    description = {
      "",
      "Shows the plan as `plan` does, asks for a yes, and hands it to the server. From then on it"
          + " only watches: with Ctrl-C, or when the terminal dies, the run goes on, and"
          + " `backout watch` takes it up again.",
      "",
      "A saved plan (plan.json) is run exactly as it was shown, or refused when what it was shown"
          + " for no longer holds.",
      "",
      "A kill switch with --yes starts at once: its steps are shown as they are written, and what"
          + " they would do is not asked of the worker first. Its preflight is a part of the run.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the run succeeded; with --detach: it was started",
      "1:nothing was started: the preflight does not hold, the answer was no, or an error",
      "2:the command was not understood, or --yes is missing where nobody can be asked",
      "3:the runbook or its inputs have problems",
      "4:not allowed",
      "5:the run failed or was stopped",
      "6:it waits for a person (with --until-waiting)",
      "7:the target is held by another run",
      "130:interrupted; the run goes on"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout run runbook.yaml --input home=/srv/app",
      "  backout run plan.json --yes --reason \"INC-4711\"",
      "  backout run runbook.yaml --since 02:55 --detach",
      "",
      "--since is when the incident began: the RTO counts from then."
    })
final class RunCommand extends BackoutCommand {
  @Parameters(paramLabel = "FILE", description = "A runbook, or a plan that was saved (*.json).")
  String file = "";

  @Mixin RunbookFile runbook = new RunbookFile();

  @Option(
      names = {"-y", "--yes"},
      description = "Start without asking.")
  boolean yes;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
  @Nullable String reason;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "When the incident began: 02:55, 2026-11-21T02:55:00Z, or 20m for 20 minutes ago. Default: now.")
  @Nullable String since;

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
    Instant incidentAt = since == null ? null : Moments.parse(since, now(), look().zone(), this);
    try (Opening opening = Opening.begin(settings(connection))) {
      SavedPlan saved = saved();
      ExecutionPlan plan = saved == null ? runbook.plan(file, this) : saved.plan();
      BackoutClient client = opening.client();
      boolean isAtOnce = isPulledAtOnce(plan, saved);
      PlanPreview preview = isAtOnce ? null : Preview.ask(client, plan, this);
      // Who says yes beforehand to a plan that was saved has read it then.
      boolean isKnown = saved != null && yes;
      if (!isKnown) {
        show((isAtOnce ? PlanView.inHaste(plan) : new PlanView(plan, preview)).page(look()));
      }
      if (preview != null) {
        refuse(saved, preview);
      }
      if (isKnown) {
        show(new PlanView(plan, preview).again(look()));
      }
      // While somebody reads and answers, so that it costs nobody's time.
      CompletableFuture<@Nullable Usual> usual = yes ? null : usual(client, plan);
      if (!yes && !Prompt.yes("Run it on " + plan.target() + "?", "--yes", this)) {
        say("Nothing was started.");
        return ExitCode.ERROR;
      }
      String by = person.name(this);
      RunRequest request =
          new RunRequest(plan, by, reason, incidentAt, client.server().searchAttributes());
      RunSummary run =
          client.start(
              request
                  .withStepByStep(stepByStep ? true : null)
                  .withUsual(isAtOnce ? null : known(usual, plan))
                  .withSignature(signing.start(plan, client.namespace(), by, this)));
      return started(client, run);
    }
  }

  /**
   * A kill switch that nobody wants to be asked about: each second counts. The run's own preflight
   * refuses what the prediction would have, and nothing is touched before.
   */
  private boolean isPulledAtOnce(ExecutionPlan plan, @Nullable SavedPlan saved) {
    return yes && saved == null && plan.kind().equals(Runbook.Kind.KILL_SWITCH.word());
  }

  /** What the steps took before; null once it is known that nothing tells. */
  private static @Nullable CompletableFuture<@Nullable Usual> usual(
      BackoutClient client, ExecutionPlan plan) {
    return plan.rto() == null
        ? null
        : CompletableFuture.supplyAsync(
                () -> Usual.of(Prediction.of(plan, client.earlier(plan.runbook())), plan))
            .exceptionally(e -> null);
  }

  /** Without those of earlier runs where nobody looked, or the look has not come to its end. */
  private static @Nullable Usual known(
      @Nullable CompletableFuture<@Nullable Usual> looking, ExecutionPlan plan) {
    Usual found = looking == null ? null : looking.getNow(null);
    return found == null && plan.rto() != null ? Usual.ofSkips(plan).orElse(null) : found;
  }

  private @Nullable SavedPlan saved() {
    if (!SavedPlan.isOne(file)) {
      return null;
    }
    if (runbook.hasInputs()) {
      throw usage(
          "A saved plan has its inputs already. Leave out --input and --inputs-file, or name the runbook.");
    }
    return SavedPlan.read(Path.of(file));
  }

  private void show(Page page) {
    if (output.isText()) {
      print(page.blank());
    }
  }

  private static void refuse(@Nullable SavedPlan saved, PlanPreview preview) {
    List<String> differences = saved == null ? List.of() : saved.differences(preview);
    if (!differences.isEmpty()) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "Nothing was started: the preflight no longer gives what the saved plan showed.\n  "
              + String.join("\n  ", differences)
              + "\nMake and read a new one with `backout plan`.");
    }
    List<StepPreview> failing = Preview.failing(preview);
    if (!failing.isEmpty()) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "Nothing was started: the preflight does not hold.\n  "
              + String.join(
                  "\n  ",
                  failing.stream().map(step -> step.path() + ": " + step.problem()).toList()));
    }
  }

  private int started(BackoutClient client, RunSummary run) throws InterruptedException {
    String id = RunNames.prefix(run.runId());
    if (!detach) {
      return following.follow(client, run, this, output, person.name(this), signing);
    }
    if (output.isText()) {
      out().println("Run " + id + " is under way: backout watch " + id);
    } else {
      print(run, output.format);
    }
    return ExitCode.DONE;
  }
}
