package dev.backout.demo;

import dev.backout.server.ClassArchive;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The files that the service's operators would have written. */
record SiteFiles(Path home, int port, String databaseUrl) {

  void write() throws IOException {
    for (String directory : new String[] {"bin", "config", "logs", "backups", "var"}) {
      Files.createDirectories(home.resolve(directory));
    }
    write(".env", "rw-------", environment());
    write("config/settings.yaml", "rw-r--r--", settings());
    write("bin/harvest", "rwxr-xr-x", program());
    write("base-url", "rw-r--r--", "http://127.0.0.1:" + port + "\n");
  }

  private String environment() {
    return """
        # Signal Harvester. Restart the API and the scheduler after a change.
        HARVEST_PORT=%d
        LOG_LEVEL=info   # debug is loud

        # Since the migration: PostgreSQL
        DATABASE_URL=%s

        FEATURE_TOPICS="on"
        """
        .formatted(port, databaseUrl);
  }

  private String settings() {
    return """
        # Signal Harvester's settings. What .env says comes first.
        app:
          name: signal-harvester
          maintenance: false      # /health says so when true

          database:
            url: %s   # was sqlite:///var/app.db before the migration
            pool:
              enabled: true       # SQLite wants none
              pool_size: 20
              max_overflow: 10

          scheduler:
            everyMinutes: 60
        """
        .formatted(databaseUrl.replaceFirst(":[^:@/]+@", "@"));
  }

  /**
   * The class path goes by the environment, so that the process's command line stays one that a
   * person can read.
   */
  private static String program() {
    return """
        #!/bin/sh
        # harvest api | harvest daemon, in the service's directory.
        CLASSPATH=%s
        export CLASSPATH
        exec %s %s -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m %s "$@"
        """
        .formatted(
            quoted(absoluteClassPath()),
            quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
            ClassArchive.optionsOfThisProcess().stream()
                .map(SiteFiles::quoted)
                .collect(Collectors.joining(" ")),
            dev.backout.demo.harvester.Harvester.class.getName());
  }

  private static String absoluteClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private void write(String name, String mode, String text) throws IOException {
    Path file = home.resolve(name);
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
