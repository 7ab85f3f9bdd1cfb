package dev.backout.launch;

import dev.backout.archive.Archive;
import dev.backout.archive.Archiver;
import dev.backout.archive.ServerRuns;
import dev.backout.client.BackoutClient;
import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.config.WorkerConfiguration;
import dev.backout.server.InMemoryServer;
import dev.backout.worker.WorkerAssembly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Does in one process what commands and the background server do, so that the JVM that dumps its
 * loaded classes has loaded theirs. Touches nothing but a temporary directory.
 */
public final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) throws Exception {
    Path home = Files.createTempDirectory("backout-rehearsal");
    try {
      serve(Settings.load(Flags.NONE, Map.of("HOME", home.toString())));
      for (List<String> command :
          List.of(List.of("--help"), List.of("run", "--help"), List.of("no-such-command"))) {
        say(command);
      }
    } finally {
      delete(home);
    }
    System.exit(0);
  }

  private static void serve(Settings settings) throws Exception {
    try (InMemoryServer server = InMemoryServer.start()) {
      ServerRuns runs =
          new ServerRuns(server.stubs(), settings.namespace(), ServerRuns.Listing.OPEN_AND_CLOSED);
      try (WorkerAssembly worker =
              WorkerAssembly.start(
                  server.stubs(),
                  settings.namespace(),
                  settings.taskQueue(),
                  true,
                  settings.state(),
                  WorkerConfiguration.read(settings.configDirectory(), settings.state()));
          Archiver archiver =
              Archiver.start(runs, new Archive(settings.state().archive()), "rehearsal", false)) {
        server.announce(settings.state());
        try (BackoutClient client = BackoutClient.open(settings)) {
          client.runs();
        }
      }
    }
  }

  private static void say(List<String> command) {
    dev.backout.cli.Backout.execute(command.toArray(String[]::new));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
