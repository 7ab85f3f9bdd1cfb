package dev.backout.faults;

import dev.backout.demo.HarvesterSite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a run leaves behind, as one text for each thing: every file of the site, what answers, which
 * processes run. What differs from site to site (ports, paths, run ids) is made the same.
 */
final class FinalState {
  private FinalState() {}

  /** Each database by its content, as it is before the run. */
  static Map<String, String> databases(HarvesterSite site) throws IOException {
    return Map.of(
        sha256(Files.readAllBytes(site.database())), "the one from before the migration",
        sha256(Files.readAllBytes(site.goodBackup())), "the good backup's",
        sha256(Files.readAllBytes(site.olderBackup())), "the older backup's");
  }

  static Map<String, String> of(HarvesterSite site, Map<String, String> databases)
      throws IOException, InterruptedException {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> files = Files.walk(site.home())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = name(site.home().relativize(file).toString());
        if (!name.matches("(logs|backups|bin)/.*|base-url|.*\\.pid")) {
          String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
          state.merge(name, mode + " " + content(file, site, databases), String::concat);
        }
      }
    }
    state.put("/health", site.get("/health").orElse("no answer"));
    state.put("/metrics", site.get("/metrics").orElse("no answer"));
    for (String role : new String[] {"api", "daemon"}) {
      state.put("processes of " + role, Long.toString(processes(site.home(), role)));
    }
    return state;
  }

  private static String name(String file) {
    return file.replaceFirst("\\.before-[0-9a-f-]{8,}?(-[a-z_]+)?$", ".before-RUN$1");
  }

  private static String content(Path file, HarvesterSite site, Map<String, String> databases)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (new String(bytes, 0, Math.min(15, bytes.length), StandardCharsets.ISO_8859_1)
        .equals("SQLite format 3")) {
      return databases.getOrDefault(sha256(bytes), "another database");
    }
    return new String(bytes, StandardCharsets.UTF_8)
        .replace(site.databaseUrl(), "URL")
        .replaceAll("postgresql://harvester@127.0.0.1:\\d+", "URL")
        .replace(Integer.toString(site.port()), "PORT");
  }

  /** By its command line and its directory, so that a second one shows. */
  private static long processes(Path home, String role) {
    return ProcessHandle.allProcesses()
        .filter(process -> commandLine(process).endsWith("Harvester " + role))
        .filter(process -> home.equals(workingDirectory(process)))
        .count();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .replace('\0', ' ')
          .strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static Path workingDirectory(ProcessHandle process) {
    try {
      return Path.of("/proc", Long.toString(process.pid()), "cwd").toRealPath();
    } catch (IOException e) {
      return Path.of("/");
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
