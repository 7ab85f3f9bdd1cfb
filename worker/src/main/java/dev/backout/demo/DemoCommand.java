package dev.backout.demo;

import dev.backout.cli.view.Terminal;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backout demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    header = "Break a real service on this machine and roll it back, start to postmortem.",
    description = {
      "",
      "Lays out a small service on a real PostgreSQL in a directory of its own, takes PostgreSQL away,"
          + " and lets the runbook emergency/postgres-to-sqlite bring the service back on SQLite from its"
          + " latest good backup. Needs nothing but Java. Your own server and other demos are not touched,"
          + " and all of it is removed at the end, also on Ctrl-C.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the service answers from the restored data",
      "1:it does not, or something else went wrong",
      "2:the command was not understood",
      "130:interrupted"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout demo",
      "  backout demo --yes                           nobody is asked anything",
      "  backout demo --fail restore                  see what a failing step asks",
      "  backout demo --keep --directory ~/harvester  and play on",
      "  backout demo --clean --directory ~/harvester"
    })
public final class DemoCommand implements Callable<Integer> {
  /** What the launcher starts; the demo types commands as a person would. */
  private static final String MAIN = "dev.backout.cli.Backout";

  @Option(names = "--yes", description = "Ask nobody: the demo decides by itself, and says so.")
  private boolean yes;

  @Option(names = "--keep", description = "Leave service, files and server for playing.")
  private boolean keep;

  @Option(
      names = "--fail",
      paramLabel = "STEP",
      description = "Make a step fail: restore or start_api.")
  private @Nullable String fail;

  @Option(
      names = "--directory",
      paramLabel = "DIRECTORY",
      description = "Where; must be empty or not exist. Default: a new temporary directory.")
  private @Nullable Path directory;

  @Option(
      names = "--clean",
      description = "End and remove a demo that was kept in --directory, and do nothing else.")
  private boolean clean;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    try {
      return clean ? cleanUp() : tell();
    } catch (IllegalArgumentException | DemoException e) {
      System.err.println("backout: " + e.getMessage());
      return 1;
    }
  }

  private int cleanUp() {
    if (directory == null) {
      throw wrong("--clean needs --directory: it says which demo to end.");
    }
    Cleanup.end(DemoHome.existing(directory));
    return 0;
  }

  private int tell() throws IOException, SQLException, InterruptedException {
    if (fail != null && Mishap.Kind.ofStep(fail).isEmpty()) {
      throw wrong(
          "--fail should name one of " + Mishap.Kind.steps() + ", and names \"" + fail + "\".");
    }
    if (!yes && System.console() == null) {
      throw wrong("The demo asks you to approve, and this is no terminal. Add --yes.");
    }
    DemoOptions options = new DemoOptions(yes, keep, fail, runbook());
    DemoHome home =
        DemoHome.create(directory != null ? directory : Files.createTempDirectory("backout-demo-"));
    home.writeProgram(Commands.java(MAIN));
    Cleanup cleanup = new Cleanup(home);
    if (!keep) {
      cleanup.onEveryEnd();
    }
    Commands commands = new Commands(MAIN, home.wholeEnvironment());
    Narrator narrator = new Narrator(System.out, Terminal.columns());
    boolean back = new Demo(options, home, commands, narrator, cleanup).tell();
    end(options, home, cleanup);
    return back ? 0 : 1;
  }

  private static void end(DemoOptions options, DemoHome home, Cleanup cleanup) {
    System.out.println();
    if (options.keep()) {
      cleanup.keep();
      System.out.println(
          "   Kept. To end it: backout demo --clean --directory " + home.directory());
      return;
    }
    Console console = System.console();
    if (!options.yes() && console != null) {
      console.readLine("   Press Enter to end the service and remove all of it. ");
    }
    cleanup.clean();
    System.out.println(
        "   The service has been ended, and "
            + home.directory()
            + " removed with the report: `backout demo --keep` leaves them to look at.");
  }

  /** From the clone that the launcher lies in, else from the current directory. */
  private static Path runbook() {
    Path root = Path.of(System.getProperty("backout.home", "."));
    Path runbook = root.resolve("runbooks/emergency/postgres-to-sqlite.yaml").toAbsolutePath();
    if (!Files.isRegularFile(runbook)) {
      throw new DemoException(
          "The demo's runbook should be at "
              + runbook
              + " and is not. Start the demo by ./backout from a clone of Backout.");
    }
    return runbook.normalize();
  }

  private ParameterException wrong(String message) {
    CommandSpec known = java.util.Objects.requireNonNull(spec, "set by picocli");
    return new ParameterException(known.commandLine(), message);
  }
}
