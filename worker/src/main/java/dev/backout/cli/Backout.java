package dev.backout.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;

/** The command line. */
@Command(
    name = "backout",
    versionProvider = Backout.Version.class,
    mixinStandardHelpOptions = true,
    header = "Rollback runbooks as code.",
    description = {
      "",
      "Checks a runbook, shows what it would do, runs it as a durable workflow, and keeps the record."
          + " Nothing is touched before it is shown, and the run goes on when the terminal dies.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:error",
      "2:the command was not understood",
      "3:the runbook has problems",
      "4:not allowed",
      "5:the run failed or was stopped",
      "6:still waiting for a person",
      "7:the target is held by another run",
      "130:interrupted"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout demo",
      "  backout lint runbook.yaml",
      "  backout plan runbook.yaml --input home=/srv/app",
      "  backout run runbook.yaml --input home=/srv/app",
      "  backout approve @latest authorize",
      "",
      "RUN is a run id, the beginning of one (4 characters or more), a target, or @latest."
    })
public final class Backout implements Runnable {
  private final Surroundings surroundings;

  Backout(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  public static void main(String[] arguments) {
    Commands.prepare(arguments);
    System.exit(execute(arguments));
  }

  /** Runs one command and gives its exit code. */
  public static int execute(String... arguments) {
    return execute(Surroundings.ofProcess(), arguments);
  }

  /** The same, with other streams and another environment than this process's. */
  public static int execute(Surroundings surroundings, String... arguments) {
    int exit = commandLine(surroundings, Commands.needed(arguments)).execute(arguments);
    surroundings.out().flush();
    surroundings.err().flush();
    return exit;
  }

  static CommandLine commandLine(Surroundings surroundings) {
    return commandLine(surroundings, Commands.ALL);
  }

  private static CommandLine commandLine(Surroundings surroundings, List<Class<?>> commands) {
    Failures failures = new Failures();
    CommandLine line = new CommandLine(new Backout(surroundings));
    commands.forEach(line::addSubcommand);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(Math.max(56, Math.min(100, surroundings.columns())))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                surroundings.isShown() && !surroundings.wantsNoColour() ? Ansi.ON : Ansi.OFF))
        .setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  @Override
  public void run() {
    commandLine(surroundings).usage(surroundings.out());
  }

  Surroundings surroundings() {
    return surroundings;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"backout " + number()};
    }

    static String number() {
      String version = Backout.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }
  }
}
