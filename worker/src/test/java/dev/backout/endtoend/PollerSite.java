package dev.backout.endtoend;

import dev.backout.launch.OwnJava;
import dev.backout.testing.Monitoring;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** A poller with its directory and its database, which Prometheus scrapes. */
final class PollerSite implements AutoCloseable {
  static final String OLD_KEY = "0ld-key-of-the-exchange";
  static final String NEW_KEY = "n3w-key-of-the-exchange";

  private static final String SCHEMA =
      """
      CREATE TABLE invoices (id bigserial PRIMARY KEY, amount numeric(12, 2) NOT NULL, credited_at timestamptz);
      CREATE TABLE ledger_entries (id bigserial PRIMARY KEY, invoice_id bigint NOT NULL, change_amount numeric(12, 2) NOT NULL);
      CREATE TABLE poller_checkpoints (height bigint NOT NULL, updated_at timestamptz NOT NULL);
      INSERT INTO poller_checkpoints VALUES (800000, now());
      CREATE TABLE system_events (id bigserial PRIMARY KEY, what text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
      INSERT INTO system_events (what) VALUES ('withdrawal to an unknown address refused');
      CREATE TABLE manual_interventions (id bigserial PRIMARY KEY, what text NOT NULL);
      CREATE TABLE audit_log (id bigserial PRIMARY KEY, intervention_id bigint NOT NULL);
      CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION append_only();
      """;

  private final String name;
  private final Path home;
  private final Monitoring monitoring;
  private final EmbeddedPostgres postgres;
  private final int port;

  private PollerSite(
      String name, Path home, Monitoring monitoring, EmbeddedPostgres postgres, int port) {
    this.name = name;
    this.home = home;
    this.monitoring = monitoring;
    this.postgres = postgres;
    this.port = port;
  }

  static PollerSite layOut(String name, Path home, Monitoring monitoring, EmbeddedPostgres postgres)
      throws IOException, SQLException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Files.createDirectories(home.resolve("logs"));
    PollerSite site = new PollerSite(name, home, monitoring, postgres, port);
    Files.writeString(home.resolve("exchange"), OLD_KEY);
    OwnJava.writeArguments(home.resolve("java.args"));
    Files.writeString(
        home.resolve(".env"),
        """
        # the poller's
        DATABASE_URL=%s
        METRICS_TOKEN=%s
        EXCHANGE_API_KEY=%s
        INVOICES=on
        """
            .formatted(site.jdbc(), Monitoring.TOKEN, OLD_KEY));
    try (Connection server = postgres.getPostgresDatabase().getConnection();
        Statement statement = server.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    site.sql(SCHEMA);
    monitoring.scrape(name, port);
    return site;
  }

  Path home() {
    return home;
  }

  int port() {
    return port;
  }

  String metricsUrl() {
    return "http://127.0.0.1:" + port + "/metrics";
  }

  private String jdbc() {
    return postgres.getJdbcUrl("postgres", name) + "&password=p4ssword-of-the-ledger";
  }

  String databaseUrl() {
    return "postgresql://postgres:p4ssword-of-the-ledger@127.0.0.1:"
        + postgres.getPort()
        + "/"
        + name;
  }

  List<String> command() {
    return List.of(
        "java",
        "@" + home.resolve("java.args"),
        Poller.class.getName(),
        home.toString(),
        Integer.toString(port));
  }

  /** The rate of deposits, in PromQL. */
  String rate() {
    return "sum(rate(problemsolver_deposits_processed_total{service=\"" + name + "\"}[10s]))";
  }

  void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command()).directory(home.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "DATABASE_URL",
                jdbc(),
                "METRICS_TOKEN",
                Monitoring.TOKEN,
                "EXCHANGE_API_KEY",
                OLD_KEY));
    var unused =
        builder
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("logs/poller.out").toFile())
            .start();
  }

  /** A time at which deposits come at their rate, as soon as there is one. */
  Instant aGoodTime() throws IOException, InterruptedException {
    String question =
        monitoring.prometheus()
            + "/api/v1/query?query="
            + URLEncoder.encode("(" + rate() + " > 9) < 11", StandardCharsets.UTF_8);
    HttpRequest request = HttpRequest.newBuilder(URI.create(question)).build();
    for (int i = 0; i < 600; i++) {
      String answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
      if (answer.contains("\"value\"")) {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
      }
      Thread.sleep(100);
    }
    throw new AssertionError("No deposits: " + Files.readString(home.resolve("logs/poller.out")));
  }

  /** The exchange takes no key but this from now on. */
  void exchangeTakes(String key) throws IOException {
    Files.writeString(home.resolve("exchange"), key);
  }

  String environment() throws IOException {
    return Files.readString(home.resolve(".env"));
  }

  void sql(String statements) throws SQLException {
    try (Connection connection = postgres.getDatabase("postgres", name).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  boolean isRunning() {
    return processes().findAny().isPresent();
  }

  private java.util.stream.Stream<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .arguments()
                    .map(List::of)
                    .filter(words -> words.contains(home.toString()))
                    .filter(words -> words.contains(Poller.class.getName()))
                    .isPresent());
  }

  @Override
  public void close() {
    processes().forEach(ProcessHandle::destroyForcibly);
  }
}
