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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Does in one process what commands and the background server do, so that the JVM that dumps its
 * loaded classes has loaded theirs. The environment names directories that are thrown away.
 */
public final class Rehearsal {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: emergency
      name: rehearsal
      summary: Reads one line of a log.
      target: rehearsal
      objectives: { rto: 15m }
      inputs:
        log: { type: path }
      steps:
        - id: read
          name: Read ${{ inputs.log }}
          uses: logs.scan
          with: { file: "${{ inputs.log }}", pattern: nothing }
      """;

  private Rehearsal() {}

  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.load();
    try (InMemoryServer server = InMemoryServer.start();
        Archiver archiver =
            Archiver.start(
                new ServerRuns(
                    server.stubs(), settings.namespace(), ServerRuns.Listing.OPEN_AND_CLOSED),
                new Archive(settings.state().prepare().archive()),
                server.key(),
                false);
        WorkerAssembly worker =
            WorkerAssembly.start(
                server.stubs(),
                settings.namespace(),
                settings.taskQueue(),
                true,
                settings.state(),
                WorkerConfiguration.read(settings.configDirectory(), settings.state()))) {
      server.announce(settings.state());
      try (BackoutClient client = BackoutClient.open(settings)) {
        client.runs();
      }
      commands(settings.state().root()).forEach(Rehearsal::say);
    }
    System.exit(0);
  }

  private static List<List<String>> commands(Path folder) throws IOException {
    String runbook = Files.writeString(folder.resolve("rehearsal.yaml"), RUNBOOK).toString();
    Path log = Files.writeString(folder.resolve("rehearsal.log"), "a line\n");
    String input = "log=" + log;
    return List.of(
        List.of("--help"),
        List.of("lint", runbook),
        List.of("plan", runbook, "--input", input),
        List.of("run", runbook, "--input", input, "--yes"),
        List.of("runs"),
        List.of("status", "@latest"),
        List.of("history", "@latest"));
  }

  private static void say(List<String> command) {
    Backout.execute(command.toArray(String[]::new));
  }
}
