package dev.backout.cli;

import dev.backout.cli.view.DoctorView;
import dev.backout.cli.view.Finding;
import dev.backout.cli.view.Finding.Verdict;
import dev.backout.machine.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    header = "Say what is there, what is missing, and how to get it.",
    description = {
      "",
      "Java, the Temporal server and its version, whether a worker is polling, the state directory,"
          + " programs that some actions or checks want, and whether they answer, and every setting in force with where it came"
          + " from. Starts nothing and changes nothing.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all that is needed is there",
      "1:something needed is missing",
      "2:the command was not understood"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  backout doctor", "  TEMPORAL_PROFILE=prod backout doctor -o json"})
final class DoctorCommand extends BackoutCommand {
  @Mixin OutputOption output = new OutputOption();

  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() {
    DoctorView result =
        new Examination(
                settings(connection), new Machine(around().environment(), Machine.here().home()))
            .result();
    if (output.isText()) {
      print(result.page(look()));
    } else {
      print(result, output.format);
    }
    boolean isBad = result.findings().stream().map(Finding::verdict).anyMatch(Verdict.BAD::equals);
    return isBad ? ExitCode.ERROR : ExitCode.DONE;
  }
}
