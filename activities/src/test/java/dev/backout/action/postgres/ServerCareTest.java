package dev.backout.action.postgres;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.LedgerDatabase;
import dev.backout.testing.PlainContext;
import dev.backout.testing.PostgresServer;
import dev.backout.testing.RequiresPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections, settings, statistics and plans of a real server. */
@RequiresPostgres
final class ServerCareTest {
  private static PostgresServer server;
  private String ledger;

  @BeforeAll
  static void share(PostgresServer shared) {
    server = shared;
  }

  @BeforeEach
  void layOut() {
    ledger = LedgerDatabase.in(server, 3000);
  }

  @Test
  void connectionsThatSitIdleAreEndedAndThoseThatWorkAreNot() throws Exception {
    try (Connection idle = server.connect(ledger);
        Connection inTransaction = server.connect(ledger);
        Connection working = server.connect(ledger)) {
      inTransaction.setAutoCommit(false);
      inTransaction
          .createStatement()
          .execute("insert into manual_interventions (what) values ('lost')");
      Thread work =
          new Thread(
              () -> {
                try {
                  working.createStatement().execute("select pg_sleep(30)");
                } catch (java.sql.SQLException e) {
                  // ended with the test
                }
              },
              "working");
      work.setDaemon(true);
      work.start();
      String active =
          "select count(*) from pg_stat_activity where state = 'active' and datname = '"
              + ledger
              + "'";
      while (!server.value("postgres", active).orElse("").equals("1")) {
        Thread.onSpinWait();
      }
      JsonNode preview = Catalog.preview("postgres.terminateConnections", ending("0s"), context());
      assertTrue(preview.path("summary").asText().contains("2 connections"), preview::toString);

      assertEquals(
          0, run("postgres.terminateConnections", ending("1h")).path("terminated").asInt());
      JsonNode output = run("postgres.terminateConnections", ending("0s"));

      assertAll(
          () -> assertEquals(2, output.path("terminated").asInt(), output::toString),
          () -> assertEquals(60, output.path("maxConnections").asInt()),
          () -> assertFalse(idle.isValid(5)),
          () -> assertFalse(inTransaction.isValid(5)),
          () -> assertEquals("1", server.value("postgres", active).orElse("")),
          () ->
              assertEquals(
                  "0",
                  server.value(ledger, "select count(*) from manual_interventions").orElse("")));
      working.abort(Runnable::run);
    }
  }

  private String ending(String olderThan) {
    return "{'url': 'secret:DATABASE_URL', 'database': '"
        + ledger
        + "', 'olderThan': '"
        + olderThan
        + "', 'application': 'the-tests'}";
  }

  @Test
  void aSettingIsInForceAtOnceOrSaysThatItNeedsARestartAndIsPutBack() throws Exception {
    JsonNode timeout =
        run("postgres.setting", setting("idle_in_transaction_session_timeout", "90s"));
    assertAll(
        () -> assertEquals("90s", timeout.path("active").asText(), timeout::toString),
        () -> assertFalse(timeout.path("restartNeeded").asBoolean()),
        () -> assertFalse(timeout.has("former")));
    JsonNode again =
        run("postgres.setting", setting("idle_in_transaction_session_timeout", "2min"));
    assertEquals("90s", again.path("former").asText());

    JsonNode back =
        run(
            "postgres.setting",
            "{'url': 'secret:DATABASE_URL', 'name': 'idle_in_transaction_session_timeout'}");
    assertEquals("0", back.path("active").asText(), back::toString);

    JsonNode connections = run("postgres.setting", setting("max_connections", "80"));
    assertTrue(connections.path("restartNeeded").asBoolean(), connections::toString);
    assertEquals("60", connections.path("active").asText());
    run("postgres.setting", "{'url': 'secret:DATABASE_URL', 'name': 'max_connections'}");
  }

  @Test
  void theFormerValueIsThatOfTheFirstAttempt(@TempDir Path evidence) throws Exception {
    Catalog.run("postgres.setting", setting("work_mem", "5MB"), context().attempt(1, evidence));

    JsonNode second =
        Catalog.run("postgres.setting", setting("work_mem", "5MB"), context().attempt(2, evidence));

    assertFalse(second.has("former"), second::toString);
    run("postgres.setting", "{'url': 'secret:DATABASE_URL', 'name': 'work_mem'}");
  }

  @Test
  void aSettingThatThereIsNotOrThatRefusesItsValueChangesNothing() {
    ActionException unknown =
        assertThrows(
            ActionException.class, () -> run("postgres.setting", setting("max_conections", "80")));
    assertEquals(Kind.INVALID_INPUT, unknown.kind());
    ActionException wrong =
        assertThrows(
            ActionException.class,
            () -> run("postgres.setting", setting("max_connections", "many")));
    assertTrue(wrong.getMessage().contains("22023"), wrong::getMessage);
  }

  private static String setting(String name, String value) {
    return "{'url': 'secret:DATABASE_URL', 'name': '" + name + "', 'value': '" + value + "'}";
  }

  @Test
  void aQueryThatReadsALargeTableFromBeginningToEndIsFoundAndTheIndexHelps() throws Exception {
    server.sql(ledger, "CREATE EXTENSION pg_stat_statements");
    run(
        "postgres.analyze",
        "{'url': 'secret:DATABASE_URL', 'tables': ['public.ledger_entries', 'invoices']}");
    String question =
        "{'url': 'secret:DATABASE_URL', 'query': 'select * from ledger_entries where invoice_id = ?', 'parameters': [7],"
            + " 'analyze': true, 'largeTable': 1000}";

    JsonNode before = run("postgres.explain", question);

    assertAll(
        () ->
            assertEquals(
                "public.ledger_entries", before.path("scans").path(0).path("table").asText()),
        () ->
            assertTrue(
                before.path("scans").path(0).path("filter").asText().contains("invoice_id = '7'"),
                before::toString),
        () -> assertEquals(2700, before.path("scans").path(0).path("rows").asInt()),
        () -> assertTrue(before.has("millis"), before::toString),
        () -> assertTrue(before.path("unindexed").toString().contains("[\"invoice_id\"]")),
        () -> assertTrue(before.path("slow").size() > 0, before::toString));

    server.sql(ledger, "CREATE INDEX ON ledger_entries (invoice_id)");
    JsonNode after = run("postgres.explain", question);

    assertEquals(0, after.path("scans").size(), after::toString);
    assertFalse(
        after.path("unindexed").toString().contains("public.ledger_entries"), after::toString);
    assertTrue(after.path("cost").asDouble() < before.path("cost").asDouble());
  }

  @Test
  void aQueryThatWouldChangeSomethingIsNotCarriedOut() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    "postgres.explain",
                    "{'url': 'secret:DATABASE_URL', 'query': 'delete from deposit_raw', 'analyze': true}"));

    assertTrue(failed.getMessage().contains("25006"), failed::getMessage);
    assertEquals("2700", server.value(ledger, "select count(*) from deposit_raw").orElse(""));
  }

  private JsonNode run(String action, String input) throws ActionException, IOException {
    return Catalog.run(action, input, context());
  }

  private PlainContext context() {
    return new PlainContext().secret("DATABASE_URL", server.url(ledger));
  }
}
