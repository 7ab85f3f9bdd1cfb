package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.FinanceDatabase;
import dev.backout.testing.PostgresServer;
import dev.backout.testing.RequiresPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The runbooks for a PostgreSQL server, by the commands that a person types, on a real one. */
@RequiresPostgres
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresRunbooksTest {
  private static final Path PLANNED = Path.of("..", "runbooks", "planned");
  private static final Path DRILL = PLANNED.resolve("restore-drill.yaml");
  private static final Path TUNE = PLANNED.resolve("tune-or-roll-back.yaml");
  private static final Path INTEGRITY =
      Path.of("..", "runbooks", "validation", "finance-integrity.yaml");
  private static final Path CONNECTIONS =
      Path.of("..", "runbooks", "emergency", "connection-exhaustion.yaml");

  private PostgresServer server;
  private OwnBackout backout;
  private Path root;
  private int services;

  @BeforeAll
  void ownBackout(PostgresServer shared, @TempDir Path directory) throws Exception {
    server = shared;
    root = directory.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root);
    backout.secret("STAGING_DATABASE_URL", server.url(server.create("staging")));
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @Test
  void aDrillRestoresTheNewestDumpNotesItAndLeavesNothingBehind() throws Exception {
    String finance = finance(200);
    Path backups = dumped(finance);
    String staging = server.create("staging");
    backout.secret("STAGING_DATABASE_URL", server.url(staging));
    List<String> drill = List.of("backups=" + backups, "restored=drill_of_" + finance);

    Said overdue = backout.run(words("assess", DRILL, drill));
    assertTrue(overdue.all().contains("No restore drill has succeeded"), overdue::toString);
    Said said = backout.run(words("run", DRILL, drill));

    assertEquals(0, said.exit(), said::toString);
    assertAll(
        () ->
            assertEquals(
                target() + " 1334",
                value(staging, "SELECT service || ' ' || row_count FROM restore_drills")),
        () -> assertFalse(server.exists("drill_of_" + finance)),
        () -> assertFalse(server.databases().toString().contains("backout_restore")));
    Said well = backout.run(words("assess", DRILL, drill));
    assertTrue(well.all().contains("No trigger holds"), well::toString);
    noPasswordAnywhere();
  }

  @Test
  void aDrillWhoseDumpIsWrongInItselfAsksAndIsNotNoted() throws Exception {
    String finance = finance(50);
    server.sql(finance, "UPDATE invoices SET total = total + 1 WHERE id = 7");
    Path backups = dumped(finance);
    Running command = start(DRILL, List.of("backups=" + backups, "restored=drill_of_" + finance));

    Waiting question = backout.question(command, target() + "-restore-drill");

    assertEquals("smoke", question.step(), question::question);
    assertTrue(server.exists("drill_of_" + finance));
    decide("stop", target() + "-restore-drill", "smoke");
    assertEquals(5, command.said().exit());
    assertFalse(server.exists("drill_of_" + finance), "the restored database is left");
  }

  @Test
  void figuresThatAgreePassAndEachThatDeviatesIsListed() throws Exception {
    String finance = finance(100);
    Said whole = backout.run(words("run", INTEGRITY, List.of("events=integrity_events")));
    assertEquals(0, whole.exit(), whole::toString);
    assertEquals("0", value(finance, "SELECT count(*) FROM integrity_events"));

    services++;
    backout.secret("DATABASE_URL", server.url(finance));
    server.sql(finance, "UPDATE invoices SET total = total + 1 WHERE id = 7");
    server.sql(finance, "UPDATE journal_lines SET debit = debit + 5 WHERE id = 9");
    Running command = start(INTEGRITY, List.of("events=integrity_events"));

    assertEquals("totals", backout.question(command, target() + "-integrity").step());
    decide("skip", target() + "-integrity", "totals");
    assertEquals("balances", backout.question(command, target() + "-integrity").step());
    assertAll(
        () ->
            assertEquals(
                "1 0 1",
                value(
                    finance,
                    "SELECT concat_ws(' ', details->>'invoices', details->>'payments', details->>'journals') FROM integrity_events")),
        () ->
            assertTrue(
                backout.evidence("journals.json").contains("\"id\""),
                backout.evidence("journals.json")));
    decide("stop", target() + "-integrity", "balances");
    assertEquals(5, command.said().exit());
  }

  @Test
  void aServerThatTakesNoMoreConnectionsGetsRoomAndUndoPutsTheSettingBack() throws Exception {
    String finance = finance(10);
    try (PostgresServer full = PostgresServer.start()) {
      full.sql("postgres", "CREATE ROLE shop LOGIN PASSWORD '" + PostgresServer.PASSWORD + "'");
      String shop = full.url("postgres").replace("//postgres:", "//shop:");
      backout.secret("DATABASE_URL", shop);
      backout.secret("ADMIN_DATABASE_URL", full.url("postgres"));
      List<Connection> pool = exhaust(full);
      Said assessed = backout.run(words("assess", CONNECTIONS, List.of()));
      assertTrue(assessed.all().contains("takes no more connections"), assessed::toString);

      Running command = start(CONNECTIONS, List.of("idleFor=0s", "connections=90"));

      assertEquals("restart", backout.question(command, target() + "-connections").step());
      assertEquals(0, backout.run("tick", target() + "-connections", "restart", "1").exit());
      assertEquals(0, backout.run("tick", target() + "-connections", "restart", "2").exit());
      Said said = command.said();
      assertEquals(0, said.exit(), said::toString);
      assertAll(
          () -> assertFalse(pool.get(0).isValid(5), "an idle connection is left"),
          () -> assertEquals("1min", idleLimit(full)));

      Said undone =
          backout.run(
              "undo", target() + "-connections", "--yes", "--partial", "--reason", "it is mended");

      assertEquals(0, undone.exit(), undone::toString);
      assertEquals("0", idleLimit(full));
      for (Connection each : pool) {
        each.close();
      }
    }
    assertTrue(server.exists(finance));
  }

  private static String idleLimit(PostgresServer full) {
    return full.value("postgres", "SHOW idle_in_transaction_session_timeout").orElse("");
  }

  private static List<Connection> exhaust(PostgresServer full) throws SQLException {
    List<Connection> pool = new ArrayList<>();
    while (true) {
      try {
        pool.add(full.connectAs("shop", "postgres"));
      } catch (SQLException e) {
        assertEquals("53300", e.getSQLState());
        return pool;
      }
    }
  }

  @Test
  void aSlowQueryGetsItsIndexAndUndoTakesItAway() throws Exception {
    String finance = finance(1_000);
    // A millisecond for each row that is looked at, which PostgreSQL takes for cheap.
    server.sql(
        finance,
        "CREATE FUNCTION drags(bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0001"
            + " AS 'BEGIN PERFORM pg_sleep(0.001); RETURN true; END'");
    Running command =
        start(
            TUNE,
            List.of(
                "query=select * from invoice_lines where drags(id) and invoice_id = 77",
                "limit=1000",
                "largeTable=1000",
                "index=create index lines_of on invoice_lines (invoice_id)",
                "dropIndex=drop index lines_of"));

    String run = target() + "-performance";
    Waiting index = backout.question(command, run);
    assertEquals("authorize_index", index.step(), index::question);
    assertTrue(index.question().contains("public.invoice_lines"), index::question);
    assertEquals(0, backout.run("approve", run, index.step(), "--comment", "do it").exit());
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertEquals("1", indexes(finance));
    Said undone = backout.run("undo", run, "--yes", "--partial", "--reason", "it slows the import");
    assertEquals(0, undone.exit(), undone::toString);
    assertEquals("0", indexes(finance));
  }

  private String indexes(String database) {
    return value(database, "SELECT count(*) FROM pg_indexes WHERE indexname = 'lines_of'");
  }

  @Test
  void aQueryThatStaysSlowIsDecidedByPeopleAndTheRollbackIsScheduled() throws Exception {
    String unused = finance(10);
    Running command = start(TUNE, List.of("query=select pg_sleep(0.05)", "limit=20"));

    String run = target() + "-performance";
    Waiting decision = backout.question(command, run);
    assertEquals("decide", decision.step(), decision::question);
    assertTrue(decision.question().contains("20.0 ms are wanted"), decision::question);
    assertEquals(0, backout.run("approve", run, "decide", "--comment", "on Sunday").exit());
    assertEquals("schedule", backout.question(command, run).step());
    assertEquals(0, backout.run("tick", run, "schedule", "1").exit());
    assertEquals(0, backout.run("tick", run, "schedule", "2").exit());
    assertEquals(0, command.said().exit());
  }

  private String finance(int invoices) throws Exception {
    services++;
    String name = FinanceDatabase.in(server, invoices);
    backout.secret("DATABASE_URL", server.url(name));
    return name;
  }

  /** By a runbook, as a schedule would. */
  private Path dumped(String database) throws Exception {
    Path backups = Files.createDirectories(root.resolve("backups-of-" + database));
    Path runbook =
        Files.writeString(
            backups.resolve("dump.yaml"),
            """
            apiVersion: backout/v1
            kind: planned
            name: dump
            summary: Dump a database.
            target: dump-of-%s
            steps:
              - id: dump
                uses: postgres.dump
                with: { url: "secret:DATABASE_URL", directory: %s }
            """
                .formatted(database, backups));
    Said said = backout.run("run", runbook.toString(), "--yes");
    assertEquals(0, said.exit(), said::toString);
    return backups;
  }

  private String target() {
    return "finance-" + services;
  }

  private List<String> words(String command, Path runbook, List<String> inputs) {
    List<String> words = new ArrayList<>(List.of(command, runbook.toString()));
    words.addAll(List.of("--input", "service=" + target()));
    inputs.forEach(each -> words.addAll(List.of("--input", each)));
    if (command.equals("run")) {
      words.add("--yes");
    }
    return words;
  }

  private Running start(Path runbook, List<String> inputs) {
    return backout.start(words("run", runbook, inputs).toArray(String[]::new));
  }

  private void decide(String choice, String target, String step) throws Exception {
    Said said = backout.run(choice, target, step, "--reason", "by the test");
    assertEquals(0, said.exit(), said::toString);
  }

  private String value(String database, String query) {
    return server.value(database, query).orElse("");
  }

  private void noPasswordAnywhere() throws Exception {
    try (Stream<Path> files = Files.walk(backout.state())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertFalse(
            OwnBackout.text(file).contains(PostgresServer.PASSWORD), "the password is in " + file);
      }
    }
    assertFalse(backout.screen().contains(PostgresServer.PASSWORD), "the password was shown");
  }
}
