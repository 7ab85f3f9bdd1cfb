package dev.backout.cli;

import dev.backout.catalog.ActionCatalog;
import dev.backout.catalog.ActionSpec;
import dev.backout.cli.view.ActionsView;
import dev.backout.runbook.Suggestion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "actions",
    header = "List the actions that a runbook may use, or explain one.",
    description = {
      "",
      "Of one action: its inputs and outputs with their types, and whether it may be repeated and"
          + " why.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:there is no such action", "2:the command was not understood"},
    footerHeading = "%nExamples:%n",
    footer = {"  backout actions", "  backout actions sqlite.restore"})
final class ActionsCommand extends BackoutCommand {
  @Parameters(paramLabel = "ACTION", arity = "0..1", description = "An action's name.")
  @Nullable String name;

  @Mixin OutputOption output = new OutputOption();

  @Override
  public Integer call() {
    ActionCatalog catalog = Catalogs.own();
    String wanted = name;
    if (wanted == null) {
      list(catalog);
    } else {
      show(catalog.find(wanted).orElseThrow(() -> unknown(catalog, wanted)));
    }
    return ExitCode.DONE;
  }

  private void list(ActionCatalog catalog) {
    if (output.isText()) {
      print(ActionsView.list(catalog, look()));
    } else {
      print(catalog.actions().values(), output.format);
    }
  }

  private void show(ActionSpec action) {
    if (output.isText()) {
      print(ActionsView.one(action, look()));
    } else {
      print(action, output.format);
    }
  }

  private static CommandFailure unknown(ActionCatalog catalog, String name) {
    return new CommandFailure(
        ExitCode.ERROR,
        "There is no action \""
            + name
            + "\". "
            + Suggestion.nearest(name, catalog.actions().keySet())
                .map(nearest -> "Did you mean " + nearest + "?")
                .orElse("`backout actions` lists them."));
  }
}
