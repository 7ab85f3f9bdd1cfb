package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.endtoend.accounting.AccountingSite;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.RequiresProgram;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The runbooks of an accounting service that falls back to SQLite, by the commands that are typed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountingRunbooksTest {
  private static final Path RUNBOOKS = Path.of("..", "runbooks");
  private static final Path OUTAGE = RUNBOOKS.resolve("emergency/primary-database-outage.yaml");
  private static final Path MIGRATION = RUNBOOKS.resolve("emergency/bad-migration.yaml");
  private static final Path DRILL = RUNBOOKS.resolve("planned/forced-fallback-drill.yaml");
  private static final Path RESET = RUNBOOKS.resolve("planned/local-reset.yaml");
  private static final Path VALIDATION = RUNBOOKS.resolve("validation/accounting.yaml");

  private EmbeddedPostgres postgres;
  private OwnBackout backout;
  private Path root;

  @BeforeAll
  void begin(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    postgres = EmbeddedPostgres.builder().start();
    backout =
        OwnBackout.in(
            Files.createDirectories(root.resolve("own")), root, "java", "scripts/smoke_tests.sh");
    backout.secret("DATABASE_URL", url());
  }

  @AfterAll
  void end() throws Exception {
    backout.close();
    postgres.close();
  }

  @Test
  void theDrillFallsBackBesideAServiceThatDoesNotNotice() throws Exception {
    try (AccountingSite site = onPostgres("drilled")) {
      site.post("12.50");
      int port = AccountingSite.freePort();
      List<String> drill = drill(site, port);

      Said said = backout.run(drill);

      assertEquals(0, said.exit(), said::toString);
      assertEquals(1, site.processes().count());
      assertTrue(site.get("/api/v1/healthz").contains("\"fallback\": false"));
      assertTrue(site.get("/api/v1/accounts").contains("\"journals\": 1"));
      assertTrue(Files.exists(site.home().resolve("drill.db")));
      Said again = backout.run(drill);
      assertEquals(0, again.exit(), again::toString);
    }
  }

  @Test
  void aDrillIsNotBegunWhereTheServiceHasFallenBackAlready() throws Exception {
    try (AccountingSite site =
        AccountingSite.layOut(
            root.resolve("fallen"),
            Map.of("DATABASE_URL", "postgresql://postgres:bad@127.0.0.1:1/none"))) {
      site.start();

      Said said = backout.run(drill(site, AccountingSite.freePort()));

      assertEquals(1, said.exit(), said::toString);
      assertTrue(said.all().contains("!json.fallback"), said::toString);
      assertFalse(Files.exists(site.home().resolve("drill.db")));
    }
  }

  @Test
  void aDevelopersDatabasesBeginAnewAndUndoBringsThemBack() throws Exception {
    try (AccountingSite site =
        AccountingSite.layOut(
            root.resolve("developer"),
            Map.of("APP_ENV", "development", "DATABASE_URL", "sqlite:///dev.db"))) {
      site.start();
      site.post("99.90");

      Said said = backout.run(reset(site));
      assertEquals(0, said.exit(), said::toString);
      assertTrue(site.get("/api/v1/accounts").contains("\"journals\": 0"));
      assertTrue(site.get("/readyz").contains("\"seed\": true"));

      Said undone = backout.run("undo", "developer", "--yes", "--reason", "too early");
      assertEquals(0, undone.exit(), undone::toString);
      assertTrue(site.get("/api/v1/accounts").contains("\"journals\": 1"));
      assertFalse(Files.exists(site.home().resolve("test.db")));
    }
  }

  @Test
  void onlyADevelopmentDatabaseIsReset() throws Exception {
    try (AccountingSite site =
        AccountingSite.layOut(
            root.resolve("production"), Map.of("APP_ENV", "production", "DATABASE_URL", url()))) {
      Path database = Files.writeString(site.home().resolve("dev.db"), "left here by somebody");

      Said said = backout.run(reset(site));

      assertEquals(1, said.exit(), said::toString);
      assertAll(
          () -> assertTrue(said.all().contains("APP_ENV is something else"), said::toString),
          () -> assertTrue(said.all().contains("DATABASE_URL is something else"), said::toString),
          () -> assertFalse(said.all().contains(url()), said::toString),
          () -> assertEquals("left here by somebody", Files.readString(database)));

      site.say(Map.of("APP_ENV", "development", "DATABASE_URL", "sqlite:///dev.db"));
      List<String> others = reset(site);
      others.addAll(List.of("--input", "databases=[\"../production/books.db\"]"));
      Said refused = backout.run(others);
      assertEquals(1, refused.exit(), refused::toString);
    }
  }

  @Test
  void whatIsWrongAfterARecoveryIsFoundAndAPersonDecides() throws Exception {
    try (AccountingSite site = onPostgres("validated")) {
      Said well = backout.run(validation(site, "validated"));
      assertEquals(0, well.exit(), well::toString);

      Files.writeString(
          site.home().resolve("logs/accounting-" + site.port() + ".log"),
          """
          2026-01-01T00:00:00Z ERROR before the recovery
          %1$s INFO request_id=1 GET /api/v1/accounts 429
          %1$s ERROR the connection is lost
          """
              .formatted(Instant.now()),
          StandardOpenOption.APPEND);
      String target = "again-validation";
      Running command = backout.start(validation(site, "again").toArray(String[]::new));

      assertEquals("turned_away", backout.question(command, target).step());
      assertEquals(0, backout.run("skip", target, "turned_away", "--reason", "one bot").exit());
      Waiting untraceable = backout.question(command, target);
      assertEquals("traceable", untraceable.step());
      assertTrue(untraceable.question().contains("the connection is lost"), untraceable::question);
      assertEquals(0, backout.run("stop", target, "traceable", "--reason", "to be mended").exit());
      assertEquals(5, command.said().exit());
    }
  }

  @RequiresProgram("pg_dump")
  @Test
  void whatWasWrittenToTheFallbackIsInPostgresAfterTheOutage() throws Exception {
    Instant lost = Instant.now();
    try (AccountingSite site = onPostgres("lost")) {
      site.post("1.00");
      site.close();
      sql("ALTER DATABASE lost ALLOW_CONNECTIONS false");
      site.start();
      assertTrue(site.get("/api/v1/healthz").contains("\"fallback\": true"));
      site.post("12.50");
      site.post("0.10");
      backout.secret("DATABASE_URL_LOST", url("lost"));

      Running command =
          backout.start(
              words(
                      OUTAGE,
                      List.of(
                          "service=lost",
                          "home=" + site.home(),
                          "baseUrl=" + site.baseUrl(),
                          "port=" + site.port(),
                          "command=" + json(site.command(site.port())),
                          "database=secret:DATABASE_URL_LOST",
                          "since=" + lost,
                          "writes=readOnly",
                          "backups=" + Files.createDirectories(site.home().resolve("backups"))))
                  .toArray(String[]::new));
      awaitReadOnly(site);
      long written = journals(site);
      sql("ALTER DATABASE lost ALLOW_CONNECTIONS true");
      assertEquals("go_back", backout.question(command, "lost").step());
      assertEquals(0, backout.run("approve", "lost", "go_back", "--comment", "stable").exit());
      Said said = command.said();

      assertEquals(0, said.exit(), said::toString);
      assertTrue(site.get("/api/v1/healthz").contains("\"fallback\": false"));
      assertEquals(1 + written, journals(site));
      assertTrue(site.post("5.00").contains("id"), "it is still read-only");
      assertFalse(Files.exists(site.home().resolve("fallback.db")));
    }
  }

  private static long journals(AccountingSite site) throws Exception {
    return new ObjectMapper().readTree(site.get("/api/v1/accounts")).path("journals").asLong();
  }

  private static void awaitReadOnly(AccountingSite site) throws Exception {
    for (int i = 0; i < 600; i++) {
      try {
        if (site.post("3.00").contains("read-only")) {
          return;
        }
      } catch (IOException e) {
        // it is being started anew
      }
      Thread.sleep(100);
    }
    throw new AssertionError("The service takes writes");
  }

  @RequiresProgram("pg_dump")
  @Test
  void aCorruptedSchemaIsLeftForAFreshDatabaseAndUndoGoesBackToIt() throws Exception {
    try (AccountingSite site = onPostgres("migrated")) {
      site.post("1.00");
      backout.secret("DATABASE_URL_MIGRATED", url("migrated"));
      backout.secret("DATABASE_URL_FRESH", url("fresh"));
      Path backups = Files.createDirectories(site.home().resolve("backups"));
      dump(backups);
      site.post("2.00");
      List<String> words =
          words(
              MIGRATION,
              List.of(
                  "service=migrated",
                  "home=" + site.home(),
                  "baseUrl=" + site.baseUrl(),
                  "port=" + site.port(),
                  "command=" + json(site.command(site.port())),
                  "former=" + json(site.command(site.port())),
                  "corrupted=true",
                  "database=secret:DATABASE_URL_MIGRATED",
                  "backups=" + backups,
                  "fresh=fresh",
                  "freshUrl=secret:DATABASE_URL_FRESH"));
      Running command = backout.start(words.toArray(String[]::new));
      assertEquals("deploy", backout.question(command, "migrated").step());
      assertEquals(0, backout.run("tick", "migrated", "deploy", "1").exit());
      assertEquals(0, backout.run("tick", "migrated", "deploy", "2").exit());
      assertEquals("authorize", backout.question(command, "migrated").step());
      assertEquals(0, backout.run("approve", "migrated", "authorize", "--comment", "yes").exit());
      Said said = command.said();

      assertEquals(0, said.exit(), said::toString);
      assertTrue(site.get("/api/v1/accounts").contains("\"journals\": 1"));

      Said undone =
          backout.run("undo", "migrated", "--partial", "--yes", "--reason", "it was not corrupted");
      assertEquals(0, undone.exit(), undone::toString);
      assertTrue(site.get("/api/v1/accounts").contains("\"journals\": 2"));
    }
  }

  private void dump(Path backups) throws Exception {
    Path runbook =
        Files.writeString(
            root.resolve("dump.yaml"),
            """
            apiVersion: backout/v1
            kind: planned
            name: dump
            summary: Dump it.
            target: dump
            steps:
              - id: dump
                uses: postgres.dump
                with: { url: "secret:DATABASE_URL_MIGRATED", directory: "%s" }
            """
                .formatted(backups));
    Said said = backout.run("run", runbook.toString(), "--yes");
    assertEquals(0, said.exit(), said::toString);
  }

  private void sql(String statement) throws SQLException {
    try (var server = postgres.getPostgresDatabase().getConnection();
        var open = server.createStatement()) {
      open.execute(statement);
    }
  }

  private AccountingSite onPostgres(String name) throws Exception {
    AccountingSite site =
        AccountingSite.layOut(
            root.resolve(name), Map.of("APP_ENV", "production", "DATABASE_URL", url(name)));
    sql("CREATE DATABASE " + name);
    site.start();
    return site;
  }

  private List<String> drill(AccountingSite site, int port) {
    return words(
        DRILL,
        List.of(
            "service=" + site.home().getFileName(),
            "home=" + site.home(),
            "baseUrl=" + site.baseUrl(),
            "command=" + json(site.command(port)),
            "port=" + port));
  }

  private List<String> reset(AccountingSite site) {
    return words(
        RESET,
        List.of(
            "service=" + site.home().getFileName(),
            "home=" + site.home(),
            "baseUrl=" + site.baseUrl(),
            "command=" + json(site.command(site.port())),
            "port=" + site.port()));
  }

  private List<String> validation(AccountingSite site, String service) {
    return words(
        VALIDATION,
        List.of("service=" + service, "home=" + site.home(), "baseUrl=" + site.baseUrl()));
  }

  private static List<String> words(Path runbook, List<String> inputs) {
    List<String> words = new ArrayList<>(List.of("run", runbook.toString(), "--yes"));
    inputs.forEach(input -> words.addAll(List.of("--input", input)));
    return words;
  }

  private static String json(List<String> words) {
    return "[\"" + String.join("\", \"", words) + "\"]";
  }

  private String url() {
    return url("postgres");
  }

  private String url(String database) {
    return "postgresql://postgres:p4ssword-of-the-books@127.0.0.1:"
        + postgres.getPort()
        + "/"
        + database;
  }
}
