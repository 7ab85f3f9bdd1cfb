package dev.backout.action.postgres;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.CuttingProxy;
import dev.backout.testing.CuttingProxy.Cut;
import dev.backout.testing.LedgerDatabase;
import dev.backout.testing.PlainContext;
import dev.backout.testing.PostgresServer;
import dev.backout.testing.RequiresPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows are put right in a real database, or not at all. */
@RequiresPostgres
final class ChangeRowsTest {
  private static final String COMPENSATE =
      "insert into ledger_entries (invoice_id, change_amount, note) values (?, ?, ?) returning id, change_amount";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static PostgresServer server;
  private String ledger;

  @BeforeAll
  static void share(PostgresServer shared) {
    server = shared;
  }

  @BeforeEach
  void layOut() {
    ledger = LedgerDatabase.in(server, 20);
  }

  @Test
  void aChangeIsMadeWithItsRowsKeptAndNotedInTheSameTransaction() throws Exception {
    JsonNode output =
        run(Map.of("sql", COMPENSATE, "parameters", new Object[] {1, -1.37, "twice"}, "rows", 1));

    assertEquals(1, output.path("rows").asInt(), output::toString);
    assertEquals(-1.37, output.path("returned").path(0).path(0).path("change_amount").asDouble());
    JsonNode kept = JSON.readTree(Path.of(output.path("evidence").asText()).toFile()).path(0);
    assertAll(
        () -> assertEquals(1, kept.path("before").size(), kept::toString),
        () -> assertEquals(2, kept.path("after").size(), kept::toString),
        () -> assertEquals("1", value("select count(*) from ledger_entries where note = 'twice'")),
        () ->
            assertEquals(
                "run-1/step/runbook/1",
                value(
                    "select run || '/' || step || '/' || runbook || '/' || row_count from audit_log")),
        () ->
            assertTrue(
                value("select statements from audit_log").endsWith("[1, -1.37, \"twice\"]"),
                value("select statements from audit_log")));
  }

  @Test
  void aStepThatHasItsNoteIsRefusedHoweverOftenItIsTried() throws Exception {
    Map<String, Object> change =
        Map.of("sql", COMPENSATE, "parameters", new Object[] {1, -1.37, "twice"});
    run(change);

    ActionException refused = assertThrows(ActionException.class, () -> run(change));

    assertTrue(refused.getMessage().contains("has changed its rows before"), refused::getMessage);
    assertEquals("1", value("select count(*) from ledger_entries where note = 'twice'"));
  }

  @Test
  void moreRowsThanExpectedTakeAllBack() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    Map.of("sql", COMPENSATE, "parameters", new Object[] {1, 1, "first"}),
                    Map.of("sql", "delete from deposit_raw where invoice_id > 3", "rows", 1)));

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().contains("Statement 2 concerns 15 rows, expected 1"),
        failed::getMessage);
    untouched();
  }

  @Test
  void aRefusalOfTheDatabaseTakesAllBack() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    Map.of("sql", "delete from deposit_raw"),
                    Map.of("sql", "update ledger_entries set change_amount = 0")));

    assertTrue(failed.getMessage().contains("the ledger is append-only"), failed::getMessage);
    untouched();
  }

  @Test
  void whatSomebodyHoldsIsNotWaitedForForEver() throws Exception {
    try (Connection other = server.connect(ledger)) {
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE invoices");

      ActionException failed =
          assertThrows(
              ActionException.class,
              () -> run(Map.of("sql", "update invoices set merchant = merchant")));

      assertTrue(failed.getMessage().contains("55P03"), failed::getMessage);
    }
    untouched();
  }

  @Test
  void whatTakesTooLongIsGivenUpAndTakenBack() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    Map.of("sql", "delete from deposit_raw"),
                    Map.of("sql", "select pg_sleep(30)")));

    assertTrue(failed.getMessage().contains("57014"), failed::getMessage);
    untouched();
  }

  @Test
  void aServerThatEndsTheConnectionInTheMiddleHasChangedNothing() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    Map.of("sql", "delete from deposit_raw"),
                    Map.of("sql", "select pg_terminate_backend(pg_backend_pid())")));

    assertEquals(Kind.TRANSIENT, failed.kind(), failed::getMessage);
    assertTrue(failed.getMessage().startsWith("Nothing was changed"), failed::getMessage);
    untouched();
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  void aConnectionThatIsLostAtTheCommitIsInDoubtAndTheNoteSettlesIt(Cut cut) throws Exception {
    Map<String, Object> change =
        Map.of("sql", COMPENSATE, "parameters", new Object[] {1, -1.37, "twice"});
    boolean done = cut == Cut.BEFORE_THE_CLIENT_HEARS;
    try (CuttingProxy proxy = CuttingProxy.to(server.port(), "COMMIT", cut)) {
      PlainContext through =
          new PlainContext()
              .secret(
                  "DATABASE_URL",
                  server.url(ledger).replace(":" + server.port(), ":" + proxy.port()));

      ActionException failed =
          assertThrows(
              ActionException.class, () -> Catalog.run("postgres.execute", input(change), through));

      assertEquals(Kind.UNKNOWN_OUTCOME, failed.kind(), failed::getMessage);
      assertTrue(failed.getMessage().contains("public.audit_log has its row"), failed::getMessage);
    }
    awaitItsEnd();
    JsonNode probe =
        Catalog.run(
            "postgres.query",
            "{'url': 'secret:DATABASE_URL', 'query': 'select count(*) from audit_log where run = ? and step = ?', 'parameters': ['run-1', 'step']}",
            context());
    assertEquals(done ? 1 : 0, probe.path("value").asInt(-1), probe::toString);
    if (done) {
      assertThrows(ActionException.class, () -> run(change));
    } else {
      run(change);
    }
    assertEquals("1", value("select count(*) from ledger_entries where note = 'twice'"));
  }

  /** The server notices by itself that its client has gone. */
  private void awaitItsEnd() {
    String others =
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
    while (!value(others).equals("0")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void rowsThatCannotBeKeptAsEvidenceAreNotChanged() throws Exception {
    Path nowhere = Files.createTempDirectory("evidence-").resolve("gone");
    PlainContext context = context().attempt(1, nowhere);

    assertThrows(
        ActionException.class,
        () ->
            Catalog.run(
                "postgres.execute", input(Map.of("sql", "delete from deposit_raw")), context));

    untouched();
  }

  @Test
  void aStatementMayNotLeaveTheTransaction() {
    for (String sql : new String[] {"commit", "delete from deposit_raw; commit", ""}) {
      assertThrows(ActionException.class, () -> run(Map.of("sql", sql)));
    }
    untouched();
  }

  @Test
  void thePreviewReallyDoesItAndRollsItBack() throws Exception {
    JsonNode preview =
        Catalog.preview(
            "postgres.execute",
            input(
                Map.of(
                    "sql", COMPENSATE, "parameters", new Object[] {1, -1.37, "twice"}, "rows", 1)),
            context());

    String text = preview.toString();
    assertTrue(text.contains("-1.37"), text);
    assertTrue(text.contains("Before: "), text);
    untouched();
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.preview(
                    "postgres.execute",
                    input(Map.of("sql", "delete from deposit_raw", "rows", 3)),
                    context()));
    assertTrue(failed.getMessage().contains("concerns 18 rows, expected 3"), failed::getMessage);
  }

  @Test
  void whatLooksConfidentialIsShownToNobody() throws Exception {
    server.sql(
        ledger, "ALTER TABLE invoices ADD COLUMN api_token text DEFAULT 'k3y-of-a-merchant'");
    JsonNode output =
        run(Map.of("sql", "update invoices set merchant = 'x' where id = 1 returning *"));

    assertFalse(output.toString().contains("k3y-of-a-merchant"), output::toString);
    assertEquals("***", output.path("returned").path(0).path(0).path("api_token").asText());
    assertFalse(
        Files.readString(Path.of(output.path("evidence").asText())).contains("k3y-of-a-merchant"));
  }

  private void untouched() {
    assertAll(
        () -> assertEquals("18", value("select count(*) from deposit_raw")),
        () -> assertEquals("18", value("select count(*) from ledger_entries")),
        () -> assertEquals("0", value("select count(*) from audit_log")));
  }

  @SafeVarargs
  private JsonNode run(Map<String, Object>... changes) throws ActionException, IOException {
    return Catalog.run("postgres.execute", input(changes), context());
  }

  @SafeVarargs
  private static String input(Map<String, Object>... changes) throws IOException {
    String json =
        JSON.writeValueAsString(
            Map.of(
                "url",
                "secret:DATABASE_URL",
                "statements",
                changes,
                "show",
                new Object[] {
                  Map.of("query", "select * from ledger_entries where invoice_id = 1 order by id")
                },
                "audit",
                Map.of("table", "public.audit_log"),
                "lockTimeout",
                "200ms",
                "timeout",
                "1s"));
    // Catalog takes an apostrophe for a quotation mark.
    return json.replace("'", "\\u0027");
  }

  private PlainContext context() {
    return new PlainContext().secret("DATABASE_URL", server.url(ledger));
  }

  private String value(String query) {
    return server.value(ledger, query).orElse("");
  }
}
