package dev.backout.cli;

import dev.backout.client.BackoutClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "submit",
    header = "Send a decision that somebody else has signed.",
    description = {
      "",
      "What `--sign-only` printed can be carried by chat, mail or paper, and sent by anybody who"
          + " reaches the server. It counts for whoever signed it, once, and for nothing but what they"
          + " were shown.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the decision was taken",
      "1:the run refused it and says why, or an error",
      "2:the command was not understood"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout approve @latest authorize --sign-only > approval.json",
      "  backout submit approval.json",
      "  backout submit - < approval.json"
    })
final class SubmitCommand extends BackoutCommand {
  @Parameters(paramLabel = "FILE", description = "The signed decision; - for standard input.")
  String file = "";

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws IOException {
    SignedDecision signed =
        SignedDecision.parse(text(), file.equals("-") ? "What was piped in" : file);
    try (BackoutClient client = BackoutClient.openToRead(settings(connection))) {
      new Decisions(client).send(signed);
    }
    out().println("Taken: " + signed.decision().choice() + " of " + signed.decision().step() + ".");
    return ExitCode.DONE;
  }

  private String text() throws IOException {
    if (file.equals("-")) {
      BufferedReader in = around().in();
      return in.lines().collect(Collectors.joining("\n"));
    }
    return Files.readString(Path.of(file));
  }
}
