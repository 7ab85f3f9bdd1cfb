package dev.backout.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The reference of the command line, from picocli's model of it. */
final class CommandReference {
  private CommandReference() {}

  static Stream<CommandLine> all() {
    return tree(Backout.commandLine(Surroundings.ofProcess()));
  }

  private static Stream<CommandLine> tree(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream()
            .filter(each -> !(each.getCommand() instanceof HelpCommand))
            .flatMap(CommandReference::tree));
  }

  static String page() {
    StringBuilder page =
        new StringBuilder(
            "# The command line\n\nGenerated from the commands themselves; `backout COMMAND --help` says the same.\n");
    all().forEach(command -> command(page, command.getCommandSpec()));
    return page.toString();
  }

  private static void command(StringBuilder page, CommandSpec spec) {
    page.append("\n## ").append(spec.qualifiedName()).append("\n\n");
    paragraphs(page, spec.usageMessage().header());
    paragraphs(page, spec.usageMessage().description());
    if (!spec.positionalParameters().isEmpty() || !spec.options().isEmpty()) {
      page.append("| | |\n|---|---|\n");
      spec.positionalParameters().forEach(each -> row(page, name(each), each.description()));
      spec.options().stream()
          .filter(each -> !each.hidden())
          .forEach(each -> row(page, name(each), each.description()));
      page.append('\n');
    }
    Map<String, String> codes = spec.usageMessage().exitCodeList();
    if (!codes.isEmpty()) {
      page.append("| exit code | |\n|---|---|\n");
      codes.forEach((code, meaning) -> row(page, code.strip(), new String[] {meaning}));
      page.append('\n');
    }
    if (spec.usageMessage().footer().length > 0) {
      page.append("```\n");
      List.of(spec.usageMessage().footer())
          .forEach(line -> page.append(plain(line).replaceFirst("^ {2}", "")).append('\n'));
      page.append("```\n");
    }
  }

  private static String name(PositionalParamSpec parameter) {
    return parameter.paramLabel();
  }

  private static String name(OptionSpec option) {
    String names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private static void row(StringBuilder page, String name, String[] description) {
    page.append("| `")
        .append(name)
        .append("` | ")
        .append(plain(String.join(" ", description)).replace("|", "\\|"))
        .append(" |\n");
  }

  private static void paragraphs(StringBuilder page, String[] lines) {
    for (String line : lines) {
      if (!line.isBlank()) {
        page.append(plain(line)).append("\n\n");
      }
    }
  }

  private static String plain(String text) {
    return Ansi.OFF.string(text.replace("%n", "").replace("$$", "$"));
  }
}
