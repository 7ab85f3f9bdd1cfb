package dev.backout.cli;

import dev.backout.policy.PolicyReference;
import dev.backout.runbook.RunbookSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "schema",
    header = "Print the JSON Schema of runbooks or policies, for editors.",
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
    footer = {
      "  backout schema > runbook.schema.json",
      "  backout schema policy > policy.schema.json"
    })
final class SchemaCommand extends BackoutCommand {
  enum Of {
    RUNBOOK,
    POLICY
  }

  @Parameters(
      paramLabel = "WHAT",
      arity = "0..1",
      defaultValue = "runbook",
      description = "runbook or policy. Default: runbook.")
  Of what = Of.RUNBOOK;

  @Override
  public Integer call() {
    print(
        what == Of.POLICY ? PolicyReference.schema() : RunbookSchema.generate(Catalogs.own()),
        OutputFormat.JSON);
    return ExitCode.DONE;
  }
}
