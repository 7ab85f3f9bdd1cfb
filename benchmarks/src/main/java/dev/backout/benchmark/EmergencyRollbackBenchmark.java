package dev.backout.benchmark;

import dev.backout.demo.HarvesterSite;
import dev.backout.demo.SiteSpec;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The harvester's emergency rollback with a 50 MB backup and a real service: the whole command of
 * Backout, with its server up and with it down, beside a script of the same care, and beside
 * Ansible where {@code ansible-playbook} is on the PATH. Each run begins with a service of its own,
 * which starts and stops fast ({@link QuickService}), so that the contenders are what is measured.
 */
public final class EmergencyRollbackBenchmark {
  private static final int ROUNDS = 3;
  private static final long BACKUP_BYTES = 50L << 20;

  private final Path work;
  private final Path launcher;

  private EmergencyRollbackBenchmark(Path work, Path launcher) {
    this.work = work;
    this.launcher = launcher;
  }

  /** Run from the repository's root, where the launcher is. */
  public static void main(String[] args) throws Exception {
    Path work = Files.createTempDirectory("emergency-benchmark-");
    Path launcher = Path.of("backout").toAbsolutePath();
    EmergencyRollbackBenchmark benchmark = new EmergencyRollbackBenchmark(work, launcher);
    try {
      benchmark.run();
    } finally {
      benchmark.backout("server", "stop");
    }
  }

  private void run() throws Exception {
    for (String name :
        List.of(
            "emergency-rollback.sh",
            "emergency-rollback.yaml",
            "emergency-rollback-playbook.yaml")) {
      try (InputStream resource = EmergencyRollbackBenchmark.class.getResourceAsStream(name)) {
        Files.copy(resource, work.resolve(name));
      }
    }
    Map<String, Comparison.Contender> contenders = new LinkedHashMap<>();
    contenders.put("bash", () -> rollback(this::script));
    contenders.put("backout run, server up", () -> rollback(this::runbook));
    contenders.put(
        "backout run, server down",
        () -> {
          backout("server", "stop");
          return rollback(this::runbook);
        });
    if (isThere("ansible-playbook")) {
      contenders.put("ansible-playbook", () -> rollback(this::playbook));
    }
    backout("server", "start");
    new Comparison("Emergency rollback, 50 MB, whole command", ROUNDS, contenders).run(System.out);
  }

  private interface Rollback {
    List<String> command(HarvesterSite site);
  }

  private List<String> script(HarvesterSite site) {
    return List.of(
        "bash",
        work.resolve("emergency-rollback.sh").toString(),
        site.home().toString(),
        site.baseUrl());
  }

  private List<String> runbook(HarvesterSite site) {
    return List.of(
        launcher.toString(),
        "run",
        work.resolve("emergency-rollback.yaml").toString(),
        "--input",
        "home=" + site.home(),
        "--input",
        "baseUrl=" + site.baseUrl(),
        "--yes");
  }

  private List<String> playbook(HarvesterSite site) {
    return List.of(
        "ansible-playbook",
        work.resolve("emergency-rollback-playbook.yaml").toString(),
        "-e",
        "home=" + site.home(),
        "-e",
        "base_url=" + site.baseUrl());
  }

  private Duration rollback(Rollback rollback) throws Exception {
    Path home = Files.createTempDirectory(work, "site-");
    HarvesterSite site = HarvesterSite.layOut(home, SiteSpec.ofSize(BACKUP_BYTES));
    QuickService service = QuickService.install(site);
    try {
      service.start();
      long began = System.nanoTime();
      execute(rollback.command(site));
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      requireRolledBack(site);
      return took;
    } finally {
      service.stop();
      site.delete();
    }
  }

  /** A contender that is fast because it did not do the work must not count. */
  private static void requireRolledBack(HarvesterSite site) throws InterruptedException {
    String health = site.get("/health").orElse("no answer");
    if (!health.contains("\"ok\"")) {
      throw new IllegalStateException("the service is not back: " + health);
    }
  }

  private void backout(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(words));
    execute(command);
  }

  private void execute(List<String> command) throws IOException, InterruptedException {
    Path log = work.resolve("output.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(log.toFile());
    builder.environment().put("XDG_STATE_HOME", work.resolve("state").toString());
    int exitCode = builder.start().waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(
          command + " ended with " + exitCode + ":\n" + Files.readString(log));
    }
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
