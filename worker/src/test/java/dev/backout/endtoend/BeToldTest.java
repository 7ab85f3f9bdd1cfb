package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backout.endtoend.OwnBackout.Running;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real receivers, of a worker and of a runbook, by the commands that a person types. */
class BeToldTest {
  private static final String TOKEN = "Bearer t0ken-of-the-audit";
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: planned
      name: ask
      summary: Ask, and do nothing.
      target: orders
      steps:
        - id: agree
          name: May it go on?
          checkpoint: { approvers: group:oncall }
      notifications:
        program:
          uses: notify.command
          with: { command: [sh, -c, "cat >> %s"] }
          events: [waiting, finished]
        refuses:
          uses: notify.webhook
          with: { url: "http://127.0.0.1:%d/refuses" }
          events: [waiting, finished]
      """;
  private static final String OWN =
      """
      notifications:
        audit:
          uses: notify.webhook
          with: { url: "http://127.0.0.1:%d/audit", headers: { Authorization: "secret:AUDIT" } }
      """;

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/audit", exchange -> take(exchange, 200));
    server.createContext("/refuses", exchange -> answer(exchange, 404));
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private void take(HttpExchange exchange, int status) throws IOException {
    tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    answer(exchange, status);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @Test
  void whatHappensIsToldAndWhatCouldNotBeToldIsShown(@TempDir Path directory) throws Exception {
    Path root = directory.toRealPath();
    Path taken = root.resolve("taken.jsonl");
    int port = server.getAddress().getPort();
    Path runbook = Files.writeString(root.resolve("ask.yaml"), RUNBOOK.formatted(taken, port));
    try (OwnBackout backout = OwnBackout.laidOut(root.resolve("own"), root, "sh")) {
      Files.writeString(
          root.resolve("own/config/backout/worker.yaml"),
          OWN.formatted(port),
          StandardOpenOption.APPEND);
      backout.secret("AUDIT", TOKEN);
      assertEquals(0, backout.run("server", "start").exit());
      Running command = backout.start("run", runbook.toString(), "--yes", "--as", "ada");
      assertEquals("agree", backout.question(command, "orders").step());

      until(() -> backout.run("status", "orders").out().contains("refuses, of \"waiting\""));
      assertTrue(backout.run("status", "orders").out().contains("The receiver answered 404"));

      assertEquals(0, backout.run("approve", "orders", "agree", "--as", "bob").exit());
      assertEquals(0, command.said().exit(), command.said()::toString);

      until(() -> types().contains("dev.backout.run.finished"));
      until(() -> Files.exists(taken) && Files.readString(taken).contains("run.finished"));
      until(
          () ->
              words(backout, "history")
                  .contains("`refuses` could not be told: finished. The receiver answered 404."));
      terminated(backout, runbook);
    }
    assertEquals(
        Set.of("dev.backout.run.started", "dev.backout.run.waiting", "dev.backout.run.finished"),
        types());
    assertEquals(Set.of(TOKEN), Set.copyOf(tokens));
    for (String line : Files.readAllLines(taken)) {
      assertFalse(event(line).getType().contains("started"), line);
    }
    assertFalse((bodies + Files.readString(taken)).contains("t0ken"));
  }

  /** By another client of Temporal, so that the run itself can tell nobody. */
  private void terminated(OwnBackout backout, Path runbook) throws Exception {
    String file = runbook.toString();
    Running command = backout.start("run", file, "--yes", "--as", "ada");
    assertEquals("agree", backout.question(command, "orders").step());
    backout.terminate("orders");
    assertEquals(5, command.said().exit(), command.said()::toString);
    until(() -> bodies.stream().anyMatch(body -> body.contains("\"terminated\"")));
    until(() -> words(backout, "history").contains("`audit` of the worker was told: finished."));
    until(() -> words(backout, "status").contains("refuses, of \"finished\""));
    assertEquals(1, bodies.stream().filter(body -> body.contains("\"terminated\"")).count());
    assertFalse(backout.run("runs").out().contains("told-"));
  }

  private static String words(OwnBackout backout, String command) throws Exception {
    return backout.run(command, "orders").out().replaceAll("\\s+", " ");
  }

  private Set<String> types() {
    return bodies.stream().map(body -> event(body).getType()).collect(Collectors.toSet());
  }

  /** As the CloudEvents SDK reads it, which refuses what isn't one. */
  private static CloudEvent event(String json) {
    CloudEvent event = new JsonFormat().deserialize(json.getBytes(StandardCharsets.UTF_8));
    assertEquals(SpecVersion.V1, event.getSpecVersion());
    assertEquals(URI.create("/temporal/default/backout/orders"), event.getSource());
    assertEquals("application/json", event.getDataContentType());
    assertTrue(event.getId().endsWith("/" + Integer.parseInt(sequence(event))), event.getId());
    return event;
  }

  private static String sequence(CloudEvent event) {
    return String.valueOf(event.getExtension("sequence"));
  }

  private static void until(Callable<Boolean> holds) throws Exception {
    for (int i = 0; i < 600 && !holds.call(); i++) {
      Thread.sleep(100);
    }
    assertTrue(holds.call());
  }
}
