package dev.backout.cli;

import dev.backout.runbook.RunbookSchema;
import picocli.CommandLine.Command;

@Command(
    name = "schema",
    header = "Print the JSON Schema of runbooks, for editors.",
    description = {
      "",
      "With it an editor completes keys and, by the chosen action, its inputs. Name it in the first"
          + " line of a runbook:",
      "",
      "  # yaml-language-server: $$schema=runbook.schema.json",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:an error", "2:the command was not understood"},
    footerHeading = "%nExamples:%n",
    footer = {"  backout schema > runbook.schema.json"})
final class SchemaCommand extends BackoutCommand {
  @Override
  public Integer call() {
    print(RunbookSchema.generate(Catalogs.own()), OutputFormat.JSON);
    return ExitCode.DONE;
  }
}
