package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.Monitoring;
import dev.backout.testing.RequiresMonitoring;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The runbooks of a payments service, by the commands that a person types. */
@RequiresMonitoring
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerRunbooksTest {
  private static final Path KEYS =
      Path.of("..", "runbooks", "kill-switch", "compromised-keys.yaml");
  private static final Path LEDGER = Path.of("..", "runbooks", "validation", "ledger.yaml");
  private static final String ROUTING_KEY = "r0uting-key-of-those-on-call";

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final GreenMail mails =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private Monitoring monitoring;
  private EmbeddedPostgres postgres;
  private HttpServer services;
  private OwnBackout backout;
  private Path root;
  private PollerSite site;
  private Instant before;
  private int sites;

  @BeforeAll
  void prepare(Monitoring shared, @TempDir Path directory) throws Exception {
    monitoring = shared;
    root = directory.toRealPath();
    postgres = EmbeddedPostgres.builder().start();
    mails.start();
    services = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    services.createContext(
        "/",
        exchange -> {
          boolean asked = exchange.getRequestMethod().equals("GET");
          if (!asked) {
            told.add(
                exchange.getRequestURI()
                    + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          }
          byte[] answer =
              (asked ? "[]" : "{\"number\": 17, \"html_url\": \"https://github.example/17\"}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(asked ? 200 : 201, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    services.start();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root, "java");
    backout.secret("METRICS_TOKEN", Monitoring.TOKEN);
    backout.secret("PAGERDUTY_ROUTING_KEY", ROUTING_KEY);
    backout.secret("GITHUB_TOKEN", "t0ken-of-github");
  }

  @AfterAll
  void end() throws Exception {
    backout.close();
    services.stop(0);
    mails.stop();
    postgres.close();
  }

  @BeforeEach
  void layOut() throws Exception {
    sites++;
    site =
        PollerSite.layOut("poller" + sites, root.resolve("poller" + sites), monitoring, postgres);
    backout.secret("DATABASE_URL", site.databaseUrl());
    site.start();
    before = site.aGoodTime();
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  @Test
  void theKeysAreRotatedWithPeopleToldTheEvidenceKeptAndTheLedgerProven() throws Exception {
    site.exchangeTakes("nobody's");
    Running command = backout.start(keys().toArray(String[]::new));

    assertEquals("rotate", backout.question(command, target()).step());
    assertAll(
        () -> assertFalse(site.isRunning(), "the poller runs"),
        () -> assertTrue(site.environment().contains("INVOICES=off")),
        () -> assertTrue(silences().contains("\"active\""), silences()),
        () ->
            assertTrue(told("/issues").contains("INC-7: the exchange's API keys"), told::toString));
    until("/enqueue", "trigger");
    for (String item : List.of("1", "2", "3", "4", "5")) {
      assertEquals(0, backout.run("tick", target(), "rotate", item).exit());
    }

    Waiting missing = backout.question(command, target());
    assertEquals("key", missing.step(), missing::question);
    assertTrue(missing.question().contains("no secret EXCHANGE_API_KEY_NEW"), missing::question);
    backout.secret("EXCHANGE_API_KEY_NEW", PollerSite.NEW_KEY);
    site.exchangeTakes(PollerSite.NEW_KEY);
    Said retried = backout.run("retry", target(), "key", "--reason", "the secret is there now");
    assertEquals(0, retried.exit(), retried::toString);

    assertEquals("open", backout.question(command, target()).step());
    assertEquals(0, backout.run("approve", target(), "open", "--comment", "by the test").exit());
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertTrue(site.isRunning(), "the poller doesn't run");
    assertTrue(site.environment().contains("INVOICES=on"));
    assertFalse(silences().contains("\"active\""), silences());
    until("/enqueue", "resolve");
    assertEquals(1, mails.getReceivedMessages().length);
    String mail = mails.getReceivedMessages()[0].getContent().toString();
    assertTrue(mail.contains("Deposits are credited late; no deposit is lost."), mail);
    Path report = root.resolve("report.md");
    assertEquals(0, backout.run("postmortem", target(), "-o", report.toString()).exit());
    assertTrue(Files.readString(report).contains("manifest.json"), "no evidence in the report");
    noSecretAnywhere();
  }

  /** But where they belong: in the worker's secrets, the poller's own files, and PagerDuty's. */
  private void noSecretAnywhere() throws Exception {
    List<String> secrets =
        List.of(
            PollerSite.OLD_KEY,
            PollerSite.NEW_KEY,
            ROUTING_KEY,
            "t0ken-of-github",
            Monitoring.TOKEN,
            "p4ssword-of-the-ledger");
    String screen = backout.screen();
    try (Stream<Path> files = Files.walk(backout.state())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = OwnBackout.text(file);
        secrets.forEach(each -> assertFalse(text.contains(each), each + " is in " + file));
      }
    }
    secrets.forEach(each -> assertFalse(screen.contains(each), each + " was shown"));
  }

  @Test
  void aLedgerThatIsNotWholeIsFoundAndAPersonStops() throws Exception {
    Said whole = backout.run(ledger(target()));
    assertEquals(0, whole.exit(), whole::toString);

    String again = target() + "-again";
    String run = again + "-validation";
    site.sql("INSERT INTO invoices (amount, credited_at) VALUES (99, now())");
    site.sql("DROP TRIGGER append_only ON ledger_entries");
    Running command = backout.start(ledger(again).toArray(String[]::new));

    assertEquals("entries", backout.question(command, run).step());
    assertEquals(0, backout.run("skip", run, "entries", "--reason", "known").exit());
    assertEquals("totals", backout.question(command, run).step());
    assertEquals(0, backout.run("skip", run, "totals", "--reason", "known").exit());
    Waiting open = backout.question(command, run);
    assertEquals("append_only", open.step());
    assertTrue(
        open.question().contains("The database takes what it was expected to refuse"),
        open::question);
    assertEquals(0, backout.run("stop", run, "append_only", "--reason", "to legal").exit());
    assertEquals(5, command.said().exit());
  }

  @Test
  void aPollerThatHasStoppedIsATriggerAndAPrometheusOutOfReachIsNone() throws Exception {
    List<String> words = new ArrayList<>(List.of("assess", KEYS.toString()));
    words.addAll(inputs());
    Said well = backout.run(words);
    assertTrue(well.out().contains("No trigger holds"), well::toString);

    words.addAll(List.of("--input", "prometheus=http://127.0.0.1:" + site.port()));
    Said unknown = backout.run(words);
    assertTrue(unknown.out().contains("No trigger is known to hold"), unknown::toString);
    assertTrue(unknown.out().contains("not as Prometheus does"), unknown::toString);
  }

  private List<String> keys() {
    List<String> words = new ArrayList<>(List.of("run", KEYS.toString(), "--yes"));
    words.addAll(inputs());
    return words;
  }

  private List<String> inputs() {
    String local = "http://127.0.0.1:" + services.getAddress().getPort();
    List<String> words = new ArrayList<>();
    for (String input :
        List.of(
            "service=" + target(),
            "incident=INC-7",
            "home=" + site.home(),
            "command=" + json(site.command()),
            "port=" + site.port(),
            "prometheus=" + monitoring.prometheus(),
            "rate=" + site.rate(),
            "before=" + before,
            "alertmanager=" + monitoring.alertmanager(),
            "pagerDutyUrl=" + local + "/enqueue",
            "repository=acme/ops",
            "github=" + local,
            "merchants=[\"merchants@example.org\"]",
            "mailHost=127.0.0.1",
            "mailPort=" + mails.getSmtp().getPort(),
            "mailSecurity=none",
            "mailFrom=support@example.org")) {
      words.addAll(List.of("--input", input));
    }
    return words;
  }

  private List<String> ledger(String service) {
    List<String> words = new ArrayList<>(List.of("run", LEDGER.toString(), "--yes"));
    for (String input :
        List.of(
            "service=" + service,
            "metricsUrl=" + site.metricsUrl(),
            "prometheus=" + monitoring.prometheus(),
            "rate=" + site.rate(),
            "before=" + before)) {
      words.addAll(List.of("--input", input));
    }
    return words;
  }

  private static String json(List<String> words) {
    return "[\"" + String.join("\", \"", words) + "\"]";
  }

  private String target() {
    return "poller" + sites;
  }

  private String told(String path) {
    return String.join(
        "\n", told.stream().filter(each -> each.split(" ")[0].contains(path)).toList());
  }

  private void until(String path, String text) throws InterruptedException {
    for (int i = 0; i < 300 && !told(path).contains(text); i++) {
      Thread.sleep(100);
    }
    assertTrue(told(path).contains(text), told::toString);
  }

  private String silences() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(monitoring.alertmanager() + "/api/v2/silences")).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
