package dev.backout.endtoend;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A small payments poller, a program of its own: ten times a second it takes a deposit from the
 * exchange, credits an invoice and writes the ledger, and shows its metrics to those who have the
 * token. The exchange is a file in its directory, {@code exchange}, that holds the key it takes.
 */
final class Poller {
  private static final long PAUSE_MILLIS = 100;

  private final Path home;
  private volatile long deposits;
  private volatile long lastSuccess;

  private Poller(Path home) {
    this.home = home;
  }

  /**
   * @param words the directory and the port
   */
  public static void main(String[] words) throws Exception {
    Poller poller = new Poller(Path.of(words[0]));
    poller.serve(Integer.parseInt(words[1]));
    try (Connection database = DriverManager.getConnection(System.getenv("DATABASE_URL"))) {
      database.setAutoCommit(false);
      // Ten times a second on average, however busy the machine is.
      for (long next = System.nanoTime(); ; next += TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS)) {
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        poller.poll(database);
      }
    }
  }

  private void serve(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    String wanted = "Bearer " + System.getenv("METRICS_TOKEN");
    server.createContext(
        "/metrics",
        exchange -> {
          boolean known = wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = (known ? metrics() : "").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? 200 : 401, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private String metrics() {
    return """
        # TYPE problemsolver_deposits_processed_total counter
        problemsolver_deposits_processed_total %d
        # TYPE problemsolver_poller_last_success_unixtime gauge
        problemsolver_poller_last_success_unixtime %d
        """
        .formatted(deposits, lastSuccess);
  }

  private void poll(Connection database) throws IOException, SQLException {
    String taken = Files.readString(home.resolve("exchange")).strip();
    if (!taken.equals(System.getenv("EXCHANGE_API_KEY"))) {
      log("ERROR the exchange refuses api_key=" + System.getenv("EXCHANGE_API_KEY"));
      return;
    }
    try (Statement statement = database.createStatement()) {
      statement.execute("INSERT INTO invoices (amount, credited_at) VALUES (1.25, now())");
      statement.execute(
          "INSERT INTO ledger_entries (invoice_id, change_amount) VALUES (lastval(), 1.25)");
      statement.execute("UPDATE poller_checkpoints SET height = height + 1, updated_at = now()");
    }
    database.commit();
    deposits++;
    lastSuccess = Instant.now().getEpochSecond();
  }

  private void log(String line) throws IOException {
    Files.writeString(
        home.resolve("logs/poller.log"),
        Instant.now() + " " + line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
