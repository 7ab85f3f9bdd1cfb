package dev.backout.cli;

import dev.backout.plan.Compilation;
import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.DiagnosticRenderer;
import dev.backout.runbook.Sarif;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "lint",
    header = "Say everything that is wrong with a runbook.",
    description = {
      "",
      "Reads the runbook and the runbooks it calls, checks keys, types, actions, references and"
          + " expressions, and reports every problem with its line and column. Asks no server and"
          + " touches nothing.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:no errors", "2:the command was not understood", "3:there are errors"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout lint runbooks/emergency/*.yaml",
      "  backout lint runbook.yaml -o json",
      "  backout lint runbook.yaml -o sarif > backout.sarif",
      "  backout lint runbook.yaml -o github      annotations in a GitHub workflow"
    })
final class LintCommand extends BackoutCommand {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Runbooks.")
  List<String> files = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text, json, yaml, sarif or github. Default: text.")
  LintForm form = LintForm.TEXT;

  @Override
  public Integer call() {
    List<Compilation> compilations = files.stream().map(RunbookFile::check).toList();
    List<Diagnostic> found = new ArrayList<>();
    compilations.forEach(compilation -> found.addAll(compilation.diagnostics()));
    List<Diagnostic> diagnostics = found.stream().distinct().toList();
    switch (form) {
      case TEXT -> text(compilations, diagnostics);
      case JSON -> print(diagnostics, OutputFormat.JSON);
      case YAML -> print(diagnostics, OutputFormat.YAML);
      case SARIF -> print(Sarif.render(diagnostics, Backout.Version.number()), OutputFormat.JSON);
      case GITHUB -> out().print(DiagnosticRenderer.github(diagnostics));
    }
    boolean hasErrors = diagnostics.stream().anyMatch(Diagnostic::isError);
    return hasErrors ? ExitCode.PROBLEMS : ExitCode.DONE;
  }

  private void text(List<Compilation> compilations, List<Diagnostic> diagnostics) {
    compilations.stream()
        .filter(compilation -> !compilation.diagnostics().isEmpty())
        .map(compilation -> RunbookFile.shown(compilation, colour(around().isShown())))
        .distinct()
        .forEach(text -> out().println(text));
    String what = files.size() == 1 ? files.get(0) : files.size() + " runbooks";
    say(what + ": " + (diagnostics.isEmpty() ? "nothing wrong" : RunbookFile.count(diagnostics)));
  }
}
