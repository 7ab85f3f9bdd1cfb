package dev.backout.launch;

import dev.backout.archive.Archive;
import dev.backout.archive.Archiver;
import dev.backout.archive.ServerRuns;
import dev.backout.cli.Backout;
import dev.backout.client.BackoutClient;
import dev.backout.config.Settings;
import dev.backout.config.WorkerConfiguration;
import dev.backout.server.InMemoryServer;
import dev.backout.worker.WorkerAssembly;
import dev.backout.worker.WorkerAssembly.ServerHome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Does in one process what commands and the background server do, so that the JVM that dumps its
 * loaded classes has loaded theirs. The environment names directories that are thrown away.
 */
public final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.load();
    Path folder = settings.state().prepare().root();
    try (StandInCluster cluster =
            StandInCluster.start(folder, Path.of(System.getenv("KUBECONFIG")));
        InMemoryServer server = InMemoryServer.start();
        Archiver archiver =
            Archiver.start(
                new ServerRuns(
                    server.stubs(), settings.namespace(), ServerRuns.Listing.OPEN_AND_CLOSED),
                new Archive(settings.state().archive()),
                server.key(),
                false);
        WorkerAssembly worker =
            WorkerAssembly.start(
                server.stubs(),
                settings.namespace(),
                settings.taskQueue(),
                ServerHome.IN_MEMORY_HERE,
                settings.state(),
                WorkerConfiguration.read(settings.configDirectory(), settings.state()))) {
      server.announce(settings.state());
      try (BackoutClient client = BackoutClient.open(settings)) {
        client.runs();
      }
      commands(folder).forEach(Rehearsal::say);
    }
    System.exit(0);
  }

  private static List<List<String>> commands(Path folder) throws IOException {
    String runbook = runbook(folder.resolve("rehearsal.yaml")).toString();
    Files.writeString(folder.resolve("rehearsal.log"), "a line\n");
    Files.writeString(folder.resolve("settings"), "DATABASE=none\n");
    String input = "folder=" + folder;
    return List.of(
        List.of("--help"),
        List.of("lint", runbook),
        List.of("plan", runbook, "--input", input),
        List.of("run", runbook, "--input", input, "--yes"),
        List.of("runs"),
        List.of("status", "@latest"),
        List.of("history", "@latest"));
  }

  private static Path runbook(Path file) throws IOException {
    try (InputStream text = Rehearsal.class.getResourceAsStream("rehearsal.yaml")) {
      Files.copy(Objects.requireNonNull(text, "rehearsal.yaml is in the jar"), file);
    }
    return file;
  }

  private static void say(List<String> command) {
    int exit = Backout.execute(command.toArray(String[]::new));
    if (exit != 0) {
      throw new IllegalStateException(command + " ended with " + exit);
    }
  }
}
