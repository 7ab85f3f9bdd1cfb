package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.cli.view.ProofView;
import dev.backout.client.BackoutClient;
import dev.backout.proof.Authority;
import dev.backout.proof.ProofReport;
import dev.backout.proof.Verdict;
import dev.backout.proof.Verification;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    header = "Prove again who started a run and who decided, from its history.",
    description = {
      "",
      "What each person must have signed is put together from the history itself, and checked against"
          + " their signature; the plan's digest is computed again; what was recorded as the result is"
          + " compared. It says which field was altered, what is a bare name, and what could not be"
          + " checked and why. With exported files it asks no server. Keys must have been valid when"
          + " the decision was judged.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all of it is proven",
      "1:something was altered, or claims a proof that doesn't hold; or an error",
      "2:the command was not understood",
      "3:nothing was found altered, but something is a bare name or could not be checked"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout verify @latest",
      "  backout verify run.history.json --allowed-signers allowed_signers",
      "  backout verify run.json child.json --policy policy.yaml -o json",
      "",
      "Files are what `backout history RUN --export FILE` writes, also for the runs of child runbooks."
    })
final class VerifyCommand extends BackoutCommand {
  private static final int NOT_ALL_PROVEN = 3;

  @Parameters(
      paramLabel = "RUN|FILE",
      arity = "0..*",
      description =
          "A run, or exported files (*.json) of a run and its children. Default: @latest.")
  List<String> what = new ArrayList<>();

  @Mixin KeysOption keys = new KeysOption();

  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws IOException {
    Authority authority = keys.authority(this);
    ProofReport report = report(authority);
    if (output.isText()) {
      print(new ProofView(report).page(look()));
    } else {
      print(report, output.format);
    }
    return exit(report.verdict());
  }

  private ProofReport report(Authority authority) throws IOException {
    if (!what.isEmpty() && what.stream().allMatch(each -> each.endsWith(".json"))) {
      List<WorkflowExecutionHistory> histories = new ArrayList<>();
      for (String file : what) {
        histories.add(read(Path.of(file)));
      }
      return check(authority, connection.namespace, histories);
    }
    if (what.size() > 1) {
      throw usage("Name one run, or exported files that end in .json.");
    }
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      RunSummary run = client.resolveRun(what.isEmpty() ? "@latest" : what.get(0));
      boolean known = run.place() == RunSummary.Place.SERVER;
      return check(
          authority, known ? client.namespace() : connection.namespace, client.wholeHistories(run));
    }
  }

  private static ProofReport check(
      Authority authority, @Nullable String namespace, List<WorkflowExecutionHistory> histories) {
    try {
      return new Verification(authority, namespace).check(histories);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.ERROR, "Nothing was checked. " + e.getMessage());
    }
  }

  private static WorkflowExecutionHistory read(Path file) {
    try {
      return WorkflowExecutionHistory.fromJson(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      throw new CommandFailure(
          ExitCode.ERROR,
          file
              + " should be the history of a run, as `backout history RUN --export FILE` writes it, and is not: "
              + e.getMessage());
    }
  }

  private static int exit(Verdict verdict) {
    return switch (verdict) {
      case PROVEN -> ExitCode.DONE;
      case UNCHECKED, UNVERIFIED -> NOT_ALL_PROVEN;
      case UNPROVEN, ALTERED -> ExitCode.ERROR;
    };
  }
}
