package dev.backout.action.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QueryDatabaseTest {
  private static final String LEDGER =
      """
      CREATE TABLE ledger (id int PRIMARY KEY, amount numeric(12, 2) NOT NULL CHECK (amount <> 0), at timestamptz NOT NULL);
      INSERT INTO ledger VALUES (1, 10.10, '2026-01-31 04:00+01'), (2, -3.05, '2026-01-31 05:00+01');
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION refuse();
      CREATE TABLE open (id int)""";
  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.builder().start();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(LEDGER);
      statement.execute("INSERT INTO open VALUES (1)");
    }
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void rowsComeTyped() throws Exception {
    JsonNode found =
        query(
            "select id, amount, at, id = 1 as first, array[1, 2] as list, '{\"a\": 1}'::jsonb as json, null as nothing from ledger order by id",
            "[]");

    JsonNode row = found.path("rows").path(0);
    assertEquals(1, found.path("value").asInt());
    assertEquals(2, found.path("count").asInt());
    assertTrue(found.path("complete").asBoolean());
    assertEquals("10.1", row.path("amount").decimalValue().toString());
    assertEquals("2026-01-31T03:00:00Z", row.path("at").asText());
    assertTrue(row.path("first").asBoolean());
    assertEquals("[1,2]", row.path("list").toString());
    assertEquals(1, row.path("json").path("a").asInt());
    assertTrue(row.path("nothing").isNull());
  }

  @Test
  void valuesFromOutsideAreBoundAndNotPastedIn() throws Exception {
    JsonNode found =
        query(
            "select count(*) from ledger where at > ? and amount < ? and 'x; drop table ledger' = ?",
            "['2026-01-31T03:30:00Z', 0.5, 'x; drop table ledger']");

    assertEquals(1, found.path("value").asInt());
  }

  @Test
  void moreRowsThanWantedAreCut() throws Exception {
    JsonNode found = query("select generate_series(1, 500)", "[]");

    assertEquals(100, found.path("count").asInt());
    assertFalse(found.path("complete").asBoolean());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from open",
        "insert into open values (2) returning id",
        "with gone as (delete from open returning id) select * from gone",
        "select 1; delete from open",
        "commit; delete from open",
        "commit",
        "/* why */ set transaction read write",
        "do $$ begin delete from open; end $$"
      })
  void nothingIsEverChanged(String sql) throws Exception {
    ActionException failure = assertThrows(ActionException.class, () -> query(sql, "[]"));

    assertFalse(failure.getMessage().isBlank());
    assertEquals(1, count("open"));
  }

  @Test
  void whatTakesTooLongIsGivenUp() {
    ActionException failure =
        assertThrows(
            ActionException.class,
            () -> run("postgres.query", "query", "select pg_sleep(30)", "timeout", "'200ms'"));

    assertTrue(failure.getMessage().contains("57014"), failure.getMessage());
  }

  @Test
  void whatIsWrongIsSaidInPostgresOwnWordsWithoutThePassword() {
    ActionException failure =
        assertThrows(ActionException.class, () -> query("select nothing from ledger", "[]"));

    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("\"nothing\" does not exist"), failure.getMessage());
    assertTrue(failure.getMessage().endsWith("(42703)"), failure.getMessage());
    assertFalse(failure.getMessage().contains("p4ssword"), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update ledger set amount = 1 where id = 1",
        "delete from ledger",
        "insert into ledger values (3, 0, now())"
      })
  void aRefusalIsWhatWasWanted(String sql) throws Exception {
    JsonNode found = rejects(sql);

    assertTrue(found.path("sqlState").asText().matches("P0001|23514"), found::toString);
    assertEquals(2, count("ledger"));
  }

  @Test
  void whatIsTakenFailsAndIsRolledBack() throws Exception {
    ActionException failure =
        assertThrows(ActionException.class, () -> rejects("delete from open"));

    assertTrue(failure.getMessage().contains("would have changed 1 rows"), failure.getMessage());
    assertEquals(1, count("open"));
  }

  @Test
  void whatConcernsNoRowProvesNothing() {
    ActionException failure =
        assertThrows(
            ActionException.class, () -> rejects("update ledger set amount = 1 where id = 99"));

    assertTrue(failure.getMessage().contains("concerns no row"), failure.getMessage());
  }

  @Test
  void anotherErrorProvesNothing() {
    ActionException failure =
        assertThrows(ActionException.class, () -> rejects("update legder set amount = 1"));

    assertTrue(failure.getMessage().contains("proves nothing"), failure.getMessage());
  }

  @Test
  void aLockThatSomebodyHoldsProvesNothingAndIsNotWaitedFor() throws Exception {
    try (Connection other = server.getPostgresDatabase().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE ledger");

      ActionException failure =
          assertThrows(ActionException.class, () -> rejects("delete from ledger"));

      assertTrue(failure.getMessage().contains("55P03"), failure.getMessage());
      other.rollback();
    }
  }

  @Test
  void thePreviewDoesNotTryIt() throws Exception {
    JsonNode preview =
        Catalog.preview(
            "postgres.assertRejects", input("statement", "delete from open", "", ""), context());

    assertTrue(preview.toString().contains("delete from open"));
    assertEquals(1, count("open"));
  }

  private static JsonNode query(String sql, String parameters) throws Exception {
    return run("postgres.query", "query", sql, "parameters", parameters);
  }

  private static JsonNode rejects(String sql) throws Exception {
    return run("postgres.assertRejects", "statement", sql, "", "");
  }

  private static JsonNode run(String action, String field, String sql, String more, String value)
      throws ActionException, IOException {
    return Catalog.run(action, input(field, sql, more, value), context());
  }

  private static String input(String field, String sql, String more, String value)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode input = json.createObjectNode();
    input.put("url", "secret:DATABASE_URL");
    // Catalog takes an apostrophe for a quotation mark.
    input.put(field, sql.replace("'", "\\u0027"));
    if (!more.isEmpty()) {
      input.set(more, json.readTree(value.replace('\'', '"')));
    }
    return input.toString().replace("\\\\u0027", "\\u0027");
  }

  private static PlainContext context() {
    return new PlainContext()
        .secret(
            "DATABASE_URL",
            "postgresql://postgres:p4ssword@127.0.0.1:" + server.getPort() + "/postgres");
  }

  private static int count(String table) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
