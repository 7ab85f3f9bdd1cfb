package dev.backout.cli;

import dev.backout.cli.view.PredictionView;
import dev.backout.client.BackoutClient;
import dev.backout.history.Prediction;
import dev.backout.plan.ExecutionPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "predict",
    header = "Say how long a runbook will take, by what it took before.",
    description = {
      "",
      "Reads the earlier runs of the runbook, on the server and in the archive, and says for each step"
          + " and in all what half of them took at most (p50), and nine of ten (p90). The time of"
          + " people is shown apart. Where fewer than three runs tell, the step's budget stands in,"
          + " and it says so. Asks no worker and touches nothing; inputs are not needed.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:said",
      "1:an error",
      "2:the command was not understood",
      "3:the runbook has problems"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout predict runbook.yaml",
      "  backout predict runbook.yaml -o json | jq .work"
    })
final class PredictCommand extends BackoutCommand {
  @Parameters(paramLabel = "FILE", description = "The runbook.")
  String file = "";

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() {
    ExecutionPlan plan = RunbookFile.outline(file, this);
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      Prediction prediction = Prediction.of(plan, client.earlier(plan.runbook()));
      if (output.isText()) {
        print(new PredictionView(prediction).page(look()));
      } else {
        print(prediction, output.format);
      }
    }
    return ExitCode.DONE;
  }
}
