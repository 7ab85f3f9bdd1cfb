package dev.backout.benchmark;

import com.sun.net.httpserver.HttpServer;
import dev.backout.demo.HarvesterSite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real process that says it is well, in the place of the site's own service: it starts in a
 * fraction of a second and ends at once.
 */
public final class QuickService {
  private static final long PATIENCE_MILLIS = 10_000;

  private final HarvesterSite site;

  private QuickService(HarvesterSite site) {
    this.site = site;
  }

  /** Takes the place of the site's program, which both contenders start. */
  static QuickService install(HarvesterSite site) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        Path.of("benchmarks", "target", "classes").toAbsolutePath().normalize().toString();
    Files.writeString(
        site.program(),
        String.join(
            "\n",
            "#!/bin/sh",
            "exec '"
                + java
                + "' -Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
                + classes
                + "' "
                + QuickService.class.getName()
                + " '"
                + site.home()
                + "' "
                + site.port(),
            ""));
    return new QuickService(site);
  }

  public static void main(String[] args) throws IOException {
    byte[] well = "{\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8);
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
    HttpServer server = HttpServer.create(address, 0);
    server.createContext(
        "/health",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, well.length);
          exchange.getResponseBody().write(well);
          exchange.close();
        });
    server.start();
    Files.writeString(Path.of(args[0], "var", "api.pid"), ProcessHandle.current().pid() + "\n");
  }

  void start() throws IOException, InterruptedException {
    Files.createDirectories(site.home().resolve("var"));
    new ProcessBuilder(site.program().toString(), "api")
        .directory(site.home().toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (site.get("/health").isEmpty() || site.pid("api").isEmpty()) {
      if (System.currentTimeMillis() > deadline) {
        throw new IOException("the service does not answer at " + site.baseUrl());
      }
      Thread.sleep(10);
    }
  }

  void stop() {
    site.pid("api").flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
  }
}
