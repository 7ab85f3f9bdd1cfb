package dev.backout.endtoend.accounting;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/**
 * Keeps books in the database that {@code DATABASE_URL} names, or, where that does not answer at
 * the start, in {@code FALLBACK_DATABASE}, and then says so until it is started again.
 *
 * <p>{@code GET /api/v1/healthz}, {@code /readyz}, {@code /metrics}, {@code /api/v1/accounts};
 * {@code POST /api/v1/journals} with the amount as its body, which is refused where {@code
 * READ_ONLY} is set. Each request has an id, in the answer's {@code X-Request-ID} and in the log.
 */
public final class Accounting {
  private final Books books;
  private final boolean readOnly;
  private final Path log;
  private long requests;
  private long errors;
  private long nanos;

  private Accounting(Books books, boolean readOnly, Path log) {
    this.books = books;
    this.readOnly = readOnly;
    this.log = log;
  }

  /**
   * @param words the directory, and the port to serve on loopback
   */
  public static void main(String[] words) throws Exception {
    Path home = Path.of(words[0]);
    Files.createDirectories(home.resolve("logs"));
    Books books =
        Books.open(
            System.getenv("DATABASE_URL"),
            home,
            System.getenv().getOrDefault("FALLBACK_DATABASE", "fallback.db"));
    new Accounting(
            books,
            "true".equals(System.getenv("READ_ONLY")),
            home.resolve("logs/accounting-" + words[1] + ".log"))
        .serve(Integer.parseInt(words[1]));
  }

  private void serve(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    long start = System.nanoTime();
    String id = UUID.randomUUID().toString();
    String path = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    Answer answer = answer(path, exchange, id);
    requests++;
    errors += answer.status() >= 500 ? 1 : 0;
    nanos += System.nanoTime() - start;
    log("INFO", id, path + " " + answer.status());
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("X-Request-ID", id);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Answer answer(String path, HttpExchange exchange, String id) throws IOException {
    try {
      return switch (path) {
        case "GET /api/v1/healthz" ->
            new Answer(
                200,
                "{\"ok\": %s, \"fallback\": %s}".formatted(books.answers(), books.isFallback()));
        case "GET /readyz" -> ready();
        case "GET /metrics" -> new Answer(200, metrics());
        case "GET /api/v1/accounts" ->
            new Answer(
                200,
                "{\"accounts\": %d, \"journals\": %d}"
                    .formatted(books.accounts(), books.journals()));
        case "POST /api/v1/journals" -> post(exchange);
        default -> new Answer(404, "{\"detail\": \"no such page\"}");
      };
    } catch (SQLException e) {
      log("ERROR", id, String.valueOf(e.getMessage()).replace('\n', ' '));
      return new Answer(503, "{\"detail\": \"the database does not answer\"}");
    }
  }

  private Answer ready() throws SQLException {
    boolean seeded = books.accounts() > 0;
    return new Answer(
        seeded ? 200 : 503,
        "{\"status\": \"%s\", \"seed\": %s}".formatted(seeded ? "ready" : "not ready", seeded));
  }

  private Answer post(HttpExchange exchange) throws IOException, SQLException {
    if (readOnly) {
      return new Answer(409, "{\"detail\": \"read-only\"}");
    }
    String amount =
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).strip();
    return new Answer(201, "{\"id\": \"" + books.post(amount) + "\"}");
  }

  private String metrics() {
    return """
        # TYPE requests_total counter
        requests_total %d
        # TYPE requests_errors counter
        requests_errors %d
        # TYPE avg_latency_ms gauge
        avg_latency_ms %s
        """
        .formatted(requests, errors, requests == 0 ? 0.0 : nanos / 1e6 / requests);
  }

  private void log(String level, String requestId, String text) throws IOException {
    Files.writeString(
        log,
        Instant.now() + " " + level + " request_id=" + requestId + " " + text + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private record Answer(int status, String body) {}
}
