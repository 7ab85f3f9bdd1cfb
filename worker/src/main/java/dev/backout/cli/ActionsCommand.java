package dev.backout.cli;

import dev.backout.catalog.ActionCatalog;
import dev.backout.catalog.ActionSpec;
import dev.backout.cli.view.ActionsView;
import dev.backout.runbook.Suggestion;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "actions",
    header = "List the actions that a runbook may use, or of one system, or explain one.",
    description = {
      "",
      "Of one action: its inputs and outputs with their types, and whether it may be repeated and"
          + " why.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:there is no such action", "2:the command was not understood"},
    footerHeading = "%nExamples:%n",
    footer = {"  backout actions", "  backout actions compose", "  backout actions sqlite.restore"})
final class ActionsCommand extends BackoutCommand {
  @Parameters(
      paramLabel = "ACTION",
      arity = "0..1",
      description = "An action's name, or what stands before the dot.")
  @Nullable String name;

  @Mixin OutputOption output = new OutputOption();

  @Override
  public Integer call() {
    ActionCatalog catalog = Catalogs.own();
    String wanted = name;
    if (wanted == null) {
      list(catalog.actions().values());
    } else {
      catalog.find(wanted).ifPresentOrElse(this::show, () -> list(ofSystem(catalog, wanted)));
    }
    return ExitCode.DONE;
  }

  private static List<ActionSpec> ofSystem(ActionCatalog catalog, String system) {
    List<ActionSpec> actions =
        catalog.actions().values().stream()
            .filter(action -> action.name().startsWith(system + "."))
            .toList();
    if (actions.isEmpty()) {
      throw unknown(catalog, system);
    }
    return actions;
  }

  private void list(Collection<ActionSpec> actions) {
    if (output.isText()) {
      print(ActionsView.list(actions, look()));
    } else {
      print(actions, output.format);
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
