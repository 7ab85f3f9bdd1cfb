package dev.backout.demo.harvester;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /health}, {@code /api/discoveries?limit=N}, {@code /api/topics}, {@code /api/entities},
 * {@code /metrics} and a front page, on loopback.
 */
final class Api {
  private static final Pattern LIMIT = Pattern.compile("(?:^|&)limit=(\\d{1,6})(?:&|$)");
  private static final int DEFAULT_LIMIT = 20;

  private final Settings settings;
  private final Store store;
  private final ServiceLog log;
  private final ObjectMapper json = new ObjectMapper();

  Api(Settings settings, Store store, ServiceLog log) {
    this.settings = settings;
    this.store = store;
    this.log = log;
  }

  AutoCloseable start() throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, "/", this::frontPage));
    server.createContext("/health", exchange -> answer(exchange, "/health", this::health));
    server.createContext("/metrics", exchange -> answer(exchange, "/metrics", this::metrics));
    serveRows(server, "/api/discoveries", query -> store.discoveries(limit(query)));
    serveRows(server, "/api/topics", query -> store.topics());
    serveRows(server, "/api/entities", query -> store.entities());
    server.start();
    return () -> {
      // Lets answers under way finish; `stop` with a delay would wait for all of it in any case.
      threads.shutdown();
      boolean ignored = threads.awaitTermination(1, TimeUnit.SECONDS);
      server.stop(0);
    };
  }

  private void serveRows(HttpServer server, String path, Rows rows) {
    server.createContext(
        path, exchange -> answer(exchange, path, query -> Answer.json(json, 200, rows.of(query))));
  }

  private Answer health(String query) throws SQLException, IOException {
    store.ping();
    return Answer.json(json, 200, Map.of("status", settings.maintenance() ? "maintenance" : "ok"));
  }

  private Answer metrics(String query) throws SQLException {
    StringBuilder text = new StringBuilder();
    store
        .counts()
        .forEach(
            (table, rows) ->
                text.append("harvester_rows{table=\"")
                    .append(table)
                    .append("\"} ")
                    .append(rows)
                    .append('\n'));
    return new Answer(200, "text/plain; version=0.0.4", text.toString());
  }

  private Answer frontPage(String query) throws SQLException {
    String items =
        store.discoveries(10).stream()
            .map(row -> "<li>" + row.get("title") + "</li>\n")
            .reduce("", String::concat);
    return new Answer(
        200,
        "text/html; charset=utf-8",
        "<!doctype html>\n<title>Signal Harvester</title>\n<h1>Top discoveries</h1>\n<ol>\n"
            + items
            + "</ol>\n");
  }

  private void answer(HttpExchange exchange, String path, Handler handler) throws IOException {
    try (exchange) {
      send(exchange, reply(exchange, path, handler));
    }
  }

  private Answer reply(HttpExchange exchange, String path, Handler handler) throws IOException {
    if (!exchange.getRequestURI().getPath().equals(path)) {
      return Answer.json(json, 404, Map.of("error", "no such page"));
    }
    String query = exchange.getRequestURI().getRawQuery();
    try {
      return handler.handle(query == null ? "" : query);
    } catch (SQLException e) {
      String reason = String.valueOf(e.getMessage()).strip();
      log.error(path + " failed: " + reason);
      return Answer.json(json, 503, Map.of("status", "unavailable", "reason", reason));
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private static int limit(String query) {
    Matcher given = LIMIT.matcher(query);
    return given.find() ? Integer.parseInt(given.group(1)) : DEFAULT_LIMIT;
  }

  private interface Handler {
    Answer handle(String query) throws SQLException, IOException;
  }

  private interface Rows {
    List<Map<String, Object>> of(String query) throws SQLException;
  }

  private record Answer(int status, String type, String body) {
    static Answer json(ObjectMapper json, int status, Object value) throws IOException {
      return new Answer(status, "application/json", json.writeValueAsString(value));
    }
  }
}
