package dev.backout.action.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.backout.action.ActionException;
import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import dev.backout.testing.Catalog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectEvidenceTest {
  private static final String URL = "postgresql://ledger:s3cr3t-w0rd@db/ledger";

  @TempDir Path root;
  private Path site;
  private HttpServer page;

  @BeforeEach
  void layOut() throws IOException {
    site = Files.createDirectories(root.toRealPath().resolve("site"));
    Files.writeString(
        site.resolve(".env"),
        """
        # the poller
        POLL_SECONDS=30
        BINANCE_API_KEY=abc123def456
        BINANCE_API_SECRET="hunter two"
        DATABASE_URL=postgresql://app:hunter2@db:5432/ledger
        """);
    Files.writeString(
        site.resolve("poller.log"),
        "started\nusing "
            + URL
            + "\nGET /deposits Authorization: Bearer eyJhbGciOiJIUzI1NiJ9\n{\"token\": \"t-123456\", \"n\": 1}\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nend\n");
    Files.writeString(site.resolve("other.log"), "another\n");
    page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    page.createContext(
        "/metrics",
        exchange -> {
          byte[] body =
              ("up 1\nasked_with " + exchange.getRequestHeaders().getFirst("Authorization") + "\n")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    page.start();
  }

  @AfterEach
  void stop() {
    page.stop(0);
  }

  @Test
  void whatIsKeptHasItsHashInAManifestAndNoSecret() throws Exception {
    JsonNode found =
        collect(
            "'files': ['SITE/*.log', 'SITE/.env'], 'pages': {'metrics': {'url': 'PAGE/metrics', 'token': 'secret:TOKEN'}},"
                + " 'facts': {'checkpoint': {'height': 17}}, 'mask': ['secret:DB']");

    Path directory = Path.of(found.path("directory").asText());
    assertEquals(5, found.path("files").size());
    assertEquals(0, found.path("missing").size());
    String log = Files.readString(directory.resolve("poller.log"));
    assertEquals(
        "started\nusing ***\nGET /deposits Authorization: ***\n{\"token\": ***, \"n\": 1}\n***\n***\n***\nend\n",
        log);
    assertEquals(
        "# the poller\nPOLL_SECONDS=30\nBINANCE_API_KEY=***\nBINANCE_API_SECRET=***\nDATABASE_URL=postgresql://app:***@db:5432/ledger\n",
        Files.readString(directory.resolve("_env")));
    assertTrue(Files.readString(directory.resolve("checkpoint.json")).contains("17"));
    assertTrue(Files.readString(directory.resolve("metrics.txt")).startsWith("up 1"));
    Process check =
        new ProcessBuilder("sha256sum", "--check", "--quiet", "SHA256SUMS")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    assertEquals(
        0,
        check.waitFor(),
        new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        assertFalse(
            text.contains("s3cr3t") || text.contains("hunter") || text.contains("m3trics"), text);
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    assertFalse(found.toString().contains("s3cr3t"));
    assertTrue(found.path("path").asText().endsWith("manifest.json"));
  }

  @Test
  void ofALongLogTheEndIsKeptFromAWholeLineOn() throws Exception {
    Files.writeString(
        site.resolve("poller.log"),
        "password=aaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(100) + "the end\n");

    JsonNode found = collect("'files': ['SITE/poller.log'], 'maxFileSize': '100B'");

    String log = Files.readString(Path.of(found.path("files").path(0).path("path").asText()));
    assertTrue(log.startsWith("[") && log.endsWith("the end\n"), log);
    assertFalse(log.contains("aaa"), log);
  }

  @Test
  void whatCantBeHadKeepsNothingElseFromBeingKept() throws Exception {
    Files.write(site.resolve("core"), new byte[] {1, 0, 2});
    page.stop(0);

    JsonNode found =
        collect(
            "'files': ['SITE/gone.log', 'SITE/core', 'SITE/other.log'], 'pages': {'metrics': {'url': 'PAGE/metrics'}}");

    assertEquals(1, found.path("files").size());
    String missing = found.path("missing").toString();
    assertTrue(missing.contains("gone.log: there is no such file"), missing);
    assertTrue(missing.contains("it is not text"), missing);
    assertTrue(missing.contains("refused the connection"), missing);
  }

  @Test
  void nothingAtAllIsAFailure() {
    assertThrows(ActionException.class, () -> collect("'files': ['SITE/gone.log']"));
  }

  @Test
  void aLinkOutOfWhatTheWorkerMayTouchIsNotFollowed() throws Exception {
    Path outside = Files.writeString(root.toRealPath().resolve("outside.log"), "secret plans\n");
    Files.createSymbolicLink(site.resolve("link.log"), outside);

    ActionException failure =
        assertThrows(ActionException.class, () -> collect("'files': ['SITE/*.log']"));

    assertEquals(ActionException.Kind.NOT_ALLOWED, failure.kind());
  }

  private JsonNode collect(String input) throws ActionException, IOException {
    SecretStore secrets =
        new SecretStore(Map.of(), root, Map.of("DB", URL, "TOKEN", "m3trics-token"), List.of());
    try (WorkerContext context =
        new WorkerContext(
            new StepCall("run-1", "book", "ledger", "evidence", 1),
            secrets,
            new WorkerLimits(List.of(site), List.of(), root.toRealPath().resolve("evidence")),
            progress -> {})) {
      return Catalog.run(
          "evidence.collect",
          "{"
              + input
                  .replace("SITE", site.toString())
                  .replace("PAGE", "http://127.0.0.1:" + page.getAddress().getPort())
              + "}",
          context);
    }
  }
}
