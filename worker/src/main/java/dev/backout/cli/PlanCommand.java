package dev.backout.cli;

import dev.backout.cli.view.PlanView;
import dev.backout.cli.view.UndoView;
import dev.backout.history.UndoOutline;
import dev.backout.plan.ExecutionPlan;
import dev.backout.workflow.PlanPreview;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "plan",
    header = "Show what a runbook would do, now and here. Changes nothing.",
    description = {
      "",
      "Compiles the runbook with its inputs and asks the worker what each step would do: the"
          + " preflight is really read, every other action says what it would change. What needs the"
          + " output of a step that has not run says so.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the preflight holds",
      "1:it does not hold, or the worker could not be asked",
      "2:the command was not understood",
      "3:the runbook or its inputs have problems"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout plan runbook.yaml --input home=/srv/app",
      "  backout plan runbook.yaml --inputs-file production.yaml -O plan.json",
      "  backout plan runbook.yaml --undo         what undo would do, without asking anybody",
      "  backout run plan.json                    runs exactly what was shown",
      "  backout plan runbook.yaml -o json | jq .plan.digest"
    })
final class PlanCommand extends BackoutCommand {
  @Parameters(paramLabel = "FILE", description = "The runbook.")
  String file = "";

  @Mixin RunbookFile runbook = new RunbookFile();

  @Option(
      names = {"-O", "--save"},
      paramLabel = "FILE",
      description = "Keep the plan and what was shown, for run.")
  @Nullable Path save;

  @Option(
      names = "--undo",
      description =
          "Show what taking the whole run back would do, step by step, and which steps have no undo."
              + " Asks no worker.")
  boolean undo;

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (undo) {
      return undo(UndoOutline.of(runbook.plan(file, this)));
    }
    ExecutionPlan plan;
    PlanPreview preview;
    try (Opening opening = Opening.begin(settings(connection))) {
      plan = runbook.plan(file, this);
      preview = Preview.ask(opening.client(), plan, this);
    }
    if (output.isText()) {
      print(new PlanView(plan, preview).page(look()));
    } else {
      print(new PlanResult(plan, preview), output.format);
    }
    boolean holds = Preview.failing(preview).isEmpty();
    if (save != null) {
      new SavedPlan(plan, preview).write(save);
      say(
          holds
              ? "Saved: backout run " + save
              : "Saved in "
                  + save
                  + ", which `run` refuses: the preflight does not hold. Mend it and plan again.");
    }
    return holds ? ExitCode.DONE : ExitCode.ERROR;
  }

  private int undo(UndoOutline outline) {
    if (save != null) {
      throw usage("With --undo there is no plan to save: leave out --save.");
    }
    if (output.isText()) {
      print(UndoView.page(outline, look()));
    } else {
      print(outline, output.format);
    }
    return ExitCode.DONE;
  }
}
