package dev.backout.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A Prometheus and an Alertmanager of the tests' own, on loopback, in a directory of their own.
 *
 * <p>Prometheus remembers an hour of last week and the last two hours, a sample each fifteen
 * seconds: {@code shop_requests_total} counted one a second last week and three a second now, and
 * began anew ten minutes ago; {@code shop_latency_seconds} is a histogram whose requests took less
 * than 100 ms last week and less than 500 ms now; {@code shop_queue} fell from 40 to 0 in the last
 * hour; {@code shop_shard} has two series.
 */
public final class Monitoring implements AutoCloseable {
  /** What Prometheus shows to the services that it scrapes. */
  public static final String TOKEN = "tok3n-of-the-tests";

  private static final Duration WEEK = Duration.ofDays(7);
  private static final long STEP_SECONDS = 15;

  private final Path root;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final int prometheusPort = Daemon.freePort();
  private final int alertmanagerPort = Daemon.freePort();
  private final List<Daemon> daemons = new ArrayList<>();

  private Monitoring(Path root) {
    this.root = root;
  }

  static Monitoring start() {
    try {
      Monitoring monitoring = new Monitoring(Files.createTempDirectory("backout-monitoring-"));
      try {
        monitoring.remember();
        monitoring.daemons.add(monitoring.startPrometheus());
        monitoring.daemons.add(monitoring.startAlertmanager());
        return monitoring;
      } catch (IOException | AssertionError e) {
        monitoring.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The moment up to which Prometheus remembers what was made up. */
  public Instant now() {
    return now;
  }

  public URI prometheus() {
    return URI.create("http://127.0.0.1:" + prometheusPort);
  }

  public URI alertmanager() {
    return URI.create("http://127.0.0.1:" + alertmanagerPort);
  }

  private void remember() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("# TYPE shop_requests counter\n");
    each((at, week) -> sample(text, "shop_requests_total", requests(at, week), at));
    text.append("# TYPE shop_latency_seconds histogram\n");
    for (String bound : List.of("0.1", "0.5", "+Inf")) {
      each(
          (at, week) -> {
            double within = !week && bound.equals("0.1") ? 0 : requests(at, week);
            sample(text, "shop_latency_seconds_bucket{le=\"" + bound + "\"}", within, at);
          });
    }
    each((at, week) -> sample(text, "shop_latency_seconds_count", requests(at, week), at));
    text.append("# TYPE shop_queue gauge\n");
    each(
        (at, week) -> {
          double minutes = Duration.between(at, now).toSeconds() / 60.0;
          sample(text, "shop_queue", week ? 0 : Math.min(40, minutes * 40 / 60), at);
        });
    text.append("# TYPE shop_shard gauge\n");
    for (String shard : List.of("a", "b")) {
      each((at, week) -> sample(text, "shop_shard{shard=\"" + shard + "\"}", 1, at));
    }
    text.append("# EOF\n");
    Path file = Files.writeString(root.resolve("past.txt"), text);
    run(
        "promtool",
        "tsdb",
        "create-blocks-from",
        "openmetrics",
        file.toString(),
        root.resolve("data").toString());
  }

  private interface At {
    void moment(Instant at, boolean lastWeek);
  }

  private void each(At at) {
    Instant then = now.minus(WEEK);
    for (Instant t = then.minus(Duration.ofHours(1)); !t.isAfter(then); t = next(t)) {
      at.moment(t, true);
    }
    for (Instant t = now.minus(Duration.ofHours(2)); !t.isAfter(now); t = next(t)) {
      at.moment(t, false);
    }
  }

  private static Instant next(Instant t) {
    return t.plusSeconds(STEP_SECONDS);
  }

  private double requests(Instant at, boolean week) {
    if (week) {
      return Duration.between(now.minus(WEEK).minus(Duration.ofHours(1)), at).toSeconds();
    }
    Instant restart = now.minus(Duration.ofMinutes(10));
    return 3.0
        * (at.isBefore(restart)
            ? 1_000 + Duration.between(now.minus(Duration.ofHours(2)), at).toSeconds()
            : Duration.between(restart, at).toSeconds());
  }

  private static void sample(StringBuilder text, String name, double value, Instant at) {
    text.append(String.format(Locale.ROOT, "%s %s %d%n", name, value, at.getEpochSecond()));
  }

  private Daemon startPrometheus() throws IOException {
    Path targets = Files.createDirectories(root.resolve("targets"));
    Path file =
        Files.writeString(
            root.resolve("prometheus.yml"),
            """
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            scrape_configs:
              - job_name: services
                authorization: { credentials: %s }
                file_sd_configs: [{ files: ["%s/*.json"], refresh_interval: 1s }]
            """
                .formatted(TOKEN, targets));
    return prometheus(file, root.resolve("data"), prometheusPort);
  }

  private Daemon prometheus(Path file, Path data, int port, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + data,
                "--storage.tsdb.retention.time=30d",
                "--web.listen-address=127.0.0.1:" + port));
    words.addAll(List.of(more));
    return Daemon.start(
        root.resolve("prometheus.log"), () -> answers(port, "/-/ready", 200, 401), words);
  }

  private Daemon startAlertmanager() throws IOException {
    Path file =
        Files.writeString(
            root.resolve("alertmanager.yml"),
            "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n");
    return Daemon.start(
        root.resolve("alertmanager.log"),
        () -> answers(alertmanagerPort, "/-/ready", 200),
        List.of(
            "alertmanager",
            "--config.file=" + file,
            "--storage.path=" + root.resolve("alertmanager"),
            "--web.listen-address=127.0.0.1:" + alertmanagerPort,
            "--cluster.listen-address="));
  }

  /** Another Prometheus, which lets in the user {@code admin} with the password {@code test}. */
  public URI startGuarded() throws IOException {
    Path web =
        Files.writeString(
            root.resolve("web.yml"),
            "basic_auth_users: { admin: $2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay }\n");
    Path file = Files.writeString(root.resolve("guarded.yml"), "scrape_configs: []\n");
    int port = Daemon.freePort();
    daemons.add(prometheus(file, root.resolve("guarded"), port, "--web.config.file=" + web));
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Lets Prometheus scrape a service each second, until the tests end. */
  public void scrape(String name, int port) throws IOException {
    Path draft = root.resolve(name + ".json");
    Files.writeString(
        draft,
        "[{\"targets\": [\"127.0.0.1:%d\"], \"labels\": {\"service\": \"%s\"}}]"
            .formatted(port, name));
    Files.move(draft, root.resolve("targets").resolve(name + ".json"));
  }

  private static boolean answers(int port, String path, int... statuses) {
    try {
      HttpResponse<Void> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                  HttpResponse.BodyHandlers.discarding());
      return java.util.stream.IntStream.of(statuses).anyMatch(s -> s == answer.statusCode());
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run(String... words) throws IOException {
    Path log = root.resolve("promtool.log");
    try {
      Process process =
          new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      if (process.waitFor() != 0) {
        throw new AssertionError(Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    daemons.forEach(Daemon::close);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
