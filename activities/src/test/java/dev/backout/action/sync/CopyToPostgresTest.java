package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.CuttingProxy;
import dev.backout.testing.CuttingProxy.Cut;
import dev.backout.testing.PlainContext;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CopyToPostgresTest {
  @TempDir private Path directory;
  private String target;
  private Path source;

  @BeforeEach
  void begin() throws Exception {
    target = SyncServer.database();
    source = directory.resolve("app.db");
  }

  @Test
  void rowsTakeThePlaceOfTheTablesOwnAndNumbersGoOnBehindThem() throws Exception {
    SyncServer.sql(
        target,
        "CREATE TABLE topics (id serial PRIMARY KEY, name text UNIQUE)",
        "CREATE TABLE parts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic int REFERENCES topics, size real, twice real GENERATED ALWAYS AS (size * 2) STORED)",
        "CREATE TABLE log (what text)",
        "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (TG_OP); RETURN NULL; END $$",
        "CREATE TRIGGER noted AFTER INSERT OR TRUNCATE ON topics FOR EACH STATEMENT EXECUTE FUNCTION noted()",
        "CREATE TRIGGER unused AFTER INSERT ON topics FOR EACH ROW EXECUTE FUNCTION noted()",
        "ALTER TABLE topics DISABLE TRIGGER unused",
        "INSERT INTO topics (name) VALUES ('gone')",
        "DELETE FROM log");
    Copying.sqlite(
        source,
        "CREATE TABLE topics (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
        "CREATE TABLE parts (id INTEGER PRIMARY KEY, topic INT, size REAL, twice REAL)",
        "INSERT INTO topics VALUES (10, 'a'), (20, NULL), (99, 'deleted')",
        "DELETE FROM topics WHERE id = 99",
        "INSERT INTO parts VALUES (7, 10, 1.5, 0), (8, NULL, NULL, NULL)");

    Copying.copy(source, target, "'except': ['log'], 'rules': {'parts.twice': 'skip'}");

    assertEquals(
        List.of("10|a", "20|null"), Copying.rows(target, "SELECT * FROM topics ORDER BY id"));
    assertEquals(
        List.of("7|10|1.5|3", "8|null|null|null"),
        Copying.rows(target, "SELECT * FROM parts ORDER BY id"));
    assertEquals("0", SyncServer.ask(target, "SELECT count(*) FROM log"), "triggers don't fire");
    SyncServer.sql(
        target,
        "INSERT INTO topics (name) VALUES ('next')",
        "INSERT INTO parts (topic) VALUES (10)");
    assertEquals("100", SyncServer.ask(target, "SELECT max(id) FROM topics"));
    assertEquals("9", SyncServer.ask(target, "SELECT max(id) FROM parts"));
    assertEquals("1", SyncServer.ask(target, "SELECT count(*) FROM log"), "but are there again");
    assertEquals(
        "FOREIGN KEY (topic) REFERENCES topics(id)",
        SyncServer.ask(
            target, "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          boolean; BOOLEAN; 2; the number 2, which is neither 0 nor 1
          boolean; BLOB; 'true'; a text
          smallint; INTEGER; 40000; the number 40000, which is too large
          integer; INTEGER; 1.5; the number 1.5
          real; REAL; 0.1; which a real can't hold exactly
          double precision; NUMERIC; 9007199254740993; the number 9007199254740993, which is too large
          text; TEXT; CAST(x'610062' AS TEXT); a text with a NUL in it
          text; TEXT; CAST(x'61ff' AS TEXT); a text that is no UTF-8
          bytea; BLOB; 'abc'; a text
          timestamptz; TEXT; 'now'; a text that is no time
          double precision; REAL; 'n/a'; a text that is neither NaN nor an infinity
          numeric(4,2); TEXT; '100000.1'; numeric field overflow
          uuid; TEXT; 'nonsense'; invalid input syntax for type uuid
          jsonb; TEXT; '{'; invalid input syntax for type json
          varchar(3); TEXT; 'abcd'; value too long
          text; BLOB; x'00'; a blob
          """)
  void aValueThatItsColumnCannotHoldIsNamedByItsKeyAndNothingIsChanged(
      String type, String declared, String value, String what) throws Exception {
    SyncServer.sql(
        target,
        "CREATE TABLE t (id int PRIMARY KEY, v " + type + ")",
        "INSERT INTO t VALUES (1, NULL)");
    Copying.sqlite(
        source,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v " + declared + ")",
        "INSERT INTO t VALUES (3, NULL), (5, " + value + "), (7, NULL)");

    ActionException failed = fails("");

    assertTrue(failed.getMessage().contains(what), failed::getMessage);
    assertTrue(failed.getMessage().contains("id=5"), failed::getMessage);
    assertEquals(List.of("1|null"), Copying.rows(target, "SELECT * FROM t"));
  }

  @Test
  void referencesToWhatIsNotThereAreNamedAlsoThoseOfTablesThatAreNotCopied() throws Exception {
    SyncServer.sql(
        target,
        "CREATE TABLE topics (id int PRIMARY KEY)",
        "CREATE TABLE parts (id int PRIMARY KEY, topic int REFERENCES topics)",
        "INSERT INTO topics VALUES (3)",
        "INSERT INTO parts VALUES (5, 3)");
    Copying.sqlite(
        source, "CREATE TABLE topics (id INTEGER PRIMARY KEY)", "INSERT INTO topics VALUES (4)");

    ActionException failed = fails("");

    assertTrue(
        failed.getMessage().contains("parts id=5 (topic=3) has no parent in topics"),
        failed::getMessage);
    assertEquals("3", SyncServer.ask(target, "SELECT id FROM topics"));
  }

  @Test
  void duplicateKeysAreNamed() throws Exception {
    SyncServer.sql(target, "CREATE TABLE t (id int PRIMARY KEY, v text)");
    Copying.sqlite(
        source,
        "CREATE TABLE t (id INT, v TEXT)",
        "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (2, 'c')");

    ActionException failed = fails("");

    assertTrue(failed.getMessage().contains("duplicate key value"), failed::getMessage);
    assertTrue(failed.getMessage().contains("the row of t with id=2"), failed::getMessage);
    assertEquals("0", SyncServer.ask(target, "SELECT count(*) FROM t"));
  }

  @Test
  void whatTheTargetLacksIsSaidAndNoTableIsMade() throws Exception {
    SyncServer.sql(target, "CREATE TABLE t (id int)");
    Copying.sqlite(source, "CREATE TABLE t (id INT, more INT)", "CREATE TABLE u (id INT)");

    ActionException failed = fails("");

    assertEquals(Kind.INVALID_INPUT, failed.kind());
    assertTrue(failed.getMessage().contains("no column t.more"), failed::getMessage);
    assertTrue(failed.getMessage().contains("no table u"), failed::getMessage);
  }

  @Test
  void aSecondCopyIntoTheSameSchemaIsRefusedAndTheFirstIsNamed() throws Exception {
    SyncServer.sql(target, "CREATE TABLE t (id int)");
    Copying.sqlite(source, "CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");
    List<String> second = new ArrayList<>();
    PlainContext first =
        new PlainContext("run-of-the-first").atHeartbeat(() -> second.add(fails("").getMessage()));

    Copying.copy(source, target, "", first);

    assertTrue(
        second.get(0).matches("Another copy into the schema public .* pid [0-9]+ of postgres .*"),
        second.get(0));
    assertTrue(second.get(0).contains("(backout run-of-the-first/step)"), second.get(0));
    assertEquals("1", SyncServer.ask(target, "SELECT id FROM t"));
  }

  @Test
  void whoeverHoldsATableOfTheTargetIsNamed() throws Exception {
    SyncServer.sql(
        target,
        "CREATE TABLE t (id int)",
        "INSERT INTO t VALUES (7)",
        "CREATE TABLE free (id int)");
    Copying.sqlite(source, "CREATE TABLE t (id INT)", "CREATE TABLE free (id INT)");
    try (Connection application = SyncServer.connect(target);
        Statement statement = application.createStatement();
        Connection bystander = SyncServer.connect(target);
        Statement other = bystander.createStatement()) {
      application.setAutoCommit(false);
      statement.execute("SET application_name = 'the-application'");
      statement.execute("SELECT * FROM t");
      other.execute("SET application_name = 'a-bystander'");

      ActionException failed = fails("'lockTimeout': '100ms'");

      assertTrue(
          failed.getMessage().contains("in use, by pid ")
              && failed.getMessage().contains("(the-application)"),
          failed::getMessage);
      assertTrue(!failed.getMessage().contains("a-bystander"), failed::getMessage);
      assertTrue(failed.getMessage().contains("postgres.terminateConnections"));
      assertTrue(failed.getMessage().endsWith("Nothing was changed."), failed::getMessage);
    }
    assertEquals("7", SyncServer.ask(target, "SELECT id FROM t"));
  }

  @Test
  void aWrongPasswordOfEitherSideIsSaidAndNotShown() throws Exception {
    Copying.sqlite(source, "CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");
    String url = SyncServer.guarded(target, "not-the-passw0rd");
    for (List<Object> pair : List.<List<Object>>of(List.of(source, url), List.of(url, source))) {
      ActionException failed =
          assertThrows(ActionException.class, () -> Copying.copy(pair.get(0), pair.get(1), ""));

      assertEquals(Kind.PERMANENT, failed.kind());
      assertTrue(failed.getMessage().contains("28P01"), failed::getMessage);
      assertTrue(failed.getMessage().contains("Correct the user or the password"));
      assertTrue(!failed.getMessage().contains("not-the-passw0rd"), failed::getMessage);
    }
    assertEquals(List.of("1"), Copying.rows(source, "SELECT id FROM t"));
  }

  @Test
  void aLimitOfTheServersOnStatementsDoesNotEndACopy() throws Exception {
    SyncServer.sql(
        target,
        "CREATE TABLE t (id int)",
        "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.6); RETURN $1; END $$",
        "CREATE INDEX ON t (slow(id))",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = 500', current_database()); END $$");
    Copying.sqlite(source, "CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");

    Copying.copy(source, target, "");

    assertEquals("1", SyncServer.ask(target, "SELECT id FROM t"));
  }

  @Test
  void aConnectionThatIsLostAtTheCommitLeavesItInDoubt() throws Exception {
    SyncServer.sql(target, "CREATE TABLE t (id int)");
    Copying.sqlite(source, "CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");
    int port = URI.create(target).getPort();
    try (CuttingProxy proxy = CuttingProxy.to(port, "COMMIT", Cut.BEFORE_THE_CLIENT_HEARS)) {
      String through = target.replace(":" + port, ":" + proxy.port());

      ActionException failed =
          assertThrows(ActionException.class, () -> Copying.copy(source, through, ""));

      assertEquals(Kind.UNKNOWN_OUTCOME, failed.kind(), failed::getMessage);
      assertTrue(failed.getMessage().contains("compare both sides"), failed::getMessage);
    }
    assertEquals("1", SyncServer.ask(target, "SELECT id FROM t"));
  }

  @Test
  void aCancelledCopyLeavesTheTargetAsItWas() throws Exception {
    SyncServer.sql(target, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
    Copying.sqlite(
        source,
        "CREATE TABLE t (id INT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO t SELECT i FROM n");

    assertThrows(
        CancelledException.class,
        () -> Copying.copy(source, target, "", new PlainContext().cancel()));

    assertEquals("1", SyncServer.ask(target, "SELECT count(*) FROM t"));
  }

  @Test
  void aDatabaseThatIsNotThereAndTwoOfAKindAreRefused() throws Exception {
    Copying.sqlite(source, "CREATE TABLE t (id INT)");

    ActionException failed =
        assertThrows(
            ActionException.class,
            () -> Copying.copy(source, target.replace("/sync_", "/nowhere_"), ""));
    assertTrue(failed.getMessage().contains("The target can't be reached"), failed::getMessage);

    failed =
        assertThrows(
            ActionException.class, () -> Copying.copy(source, directory.resolve("b.db"), ""));
    assertTrue(failed.getMessage().contains("One of source and target"), failed::getMessage);
  }

  private ActionException fails(String more) {
    return assertThrows(ActionException.class, () -> Copying.copy(source, target, more));
  }
}
