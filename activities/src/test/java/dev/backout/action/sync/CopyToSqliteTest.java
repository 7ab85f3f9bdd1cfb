package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.TextOrSecret;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CopyToSqliteTest {
  @TempDir private Path directory;
  private String source;
  private Path target;

  @BeforeEach
  void begin() throws Exception {
    source = SyncServer.database();
    target = directory.resolve("app.db");
  }

  @Test
  void aTargetWithoutTablesGetsThoseOfTheSource() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE topics (id serial PRIMARY KEY, name text NOT NULL UNIQUE)",
        "CREATE TABLE parts (topic int REFERENCES topics ON DELETE CASCADE, no int, size real, twice real GENERATED ALWAYS AS (size * 2) STORED, PRIMARY KEY (topic, no))",
        "CREATE INDEX by_size ON parts (size)",
        "INSERT INTO topics (name) VALUES ('a'), ('b'), ('c')",
        "DELETE FROM topics WHERE name = 'c'",
        "INSERT INTO parts VALUES (1, 1, 1.5), (1, 2, NULL), (2, 1, 3)");

    JsonNode output = Copying.copy(source, target, "");

    assertEquals(5, output.get("rows").asLong());
    assertEquals(
        List.of("1|1|1.5|3.0", "1|2|null|null", "2|1|3.0|6.0"),
        Copying.rows(target, "SELECT * FROM parts ORDER BY topic, no"));
    assertTrue(output.get("notes").toString().contains("parts.twice is computed"));
    assertEquals(
        List.of("by_size"),
        Copying.rows(target, "SELECT name FROM sqlite_schema WHERE name = 'by_size'"));
    Copying.sqlite(target, "INSERT INTO topics (name) VALUES ('d')");
    assertEquals(List.of("4"), Copying.rows(target, "SELECT max(id) FROM topics"));
    assertEquals(
        List.of("topics|id|CASCADE"),
        Copying.rows(
            target, "SELECT \"table\", \"to\", on_delete FROM pragma_foreign_key_list('parts')"));
    assertFalse(output.has("former"), output::toString);
  }

  @Test
  void whereThereIsNoBackupAtAllTheDatabaseIsBuiltFromTheServerAndHolds() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE topics (id serial PRIMARY KEY, name text)",
        "CREATE TABLE artifacts (id serial PRIMARY KEY, topic int REFERENCES topics)",
        "INSERT INTO topics (name) VALUES ('a')",
        "INSERT INTO artifacts (topic) VALUES (1), (1)");
    ActionException none =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "sqlite.findBackup", "{'directory': '" + directory + "'}", new PlainContext()));
    assertTrue(none.getMessage().contains("build the database from it with sync.copy"));

    Copying.copy(source, target, "");

    JsonNode verified =
        Catalog.run(
            "sqlite.verify",
            "{'database': '" + target + "', 'minimumRows': {'topics': 1, 'artifacts': 2}}",
            new PlainContext());
    assertEquals(2, verified.path("tables").path("artifacts").asInt(), verified::toString);
  }

  @Test
  void rowsGoIntoTheApplicationsOwnTables() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE alembic_version (version_num text)",
        "INSERT INTO alembic_version VALUES ('0010')",
        "CREATE TABLE artifacts (id bigserial PRIMARY KEY, at timestamptz, ok boolean, score numeric(8, 3), doc jsonb)",
        "INSERT INTO artifacts (at, ok, score, doc) VALUES ('2026-01-31 03:00Z', true, 1.250, '{\"a\": 1}'), (NULL, NULL, NULL, NULL)");
    Copying.sqlite(
        target,
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('0009')",
        "CREATE TABLE artifacts (id INTEGER NOT NULL PRIMARY KEY, doc JSON, score NUMERIC(8, 3), ok BOOLEAN, at DATETIME, note TEXT DEFAULT 'none')",
        "CREATE INDEX by_at ON artifacts (at)",
        "CREATE TABLE log (what TEXT)",
        "CREATE TRIGGER logged AFTER INSERT ON artifacts BEGIN INSERT INTO log VALUES ('x'); END",
        "INSERT INTO artifacts (id) VALUES (77)",
        "DELETE FROM log");

    JsonNode output =
        Copying.copy(source, target, "'rules': {'timestamptz': 'plain'}, 'except': ['log']");

    assertEquals(
        List.of(
            "1|{\"a\": 1}|1.25|1|2026-01-31 03:00:00.000000|none", "2|null|null|null|null|none"),
        Copying.rows(target, "SELECT id, doc, score, ok, at, note FROM artifacts ORDER BY id"));
    assertEquals(List.of("0009"), Copying.rows(target, "SELECT version_num FROM alembic_version"));
    assertEquals(
        List.of("0"), Copying.rows(target, "SELECT count(*) FROM log"), "triggers don't fire");
    assertEquals(
        List.of("by_at", "logged"),
        Copying.rows(
            target,
            "SELECT name FROM sqlite_schema WHERE type IN ('index', 'trigger') ORDER BY name"));
    assertEquals(List.of("wal"), Copying.rows(target, "PRAGMA journal_mode"));
    Path former = Path.of(output.get("former").asText());
    assertEquals(List.of("77"), Copying.rows(former, "SELECT id FROM artifacts"));
    assertNothingLeft();
  }

  @Test
  void allThatStandsAgainstItIsSaidAtOnceAndNothingIsTouched() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE a (id int PRIMARY KEY, flag boolean, gone int)",
        "CREATE TABLE b (id int)",
        "CREATE TABLE c (id int PRIMARY KEY)");
    Copying.sqlite(
        target,
        "CREATE TABLE a (id INTEGER PRIMARY KEY, flag TEXT)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, must TEXT NOT NULL)");

    ActionException failed = fails("'tables': ['a', 'b', 'c', 'nowhere']");

    assertEquals(Kind.INVALID_INPUT, failed.kind());
    for (String part :
        List.of(
            "a.flag is boolean in PostgreSQL and TEXT in SQLite",
            "no column a.gone",
            "no table b",
            "c.must must not be null",
            "no table nowhere")) {
      assertTrue(failed.getMessage().contains(part), failed::getMessage);
    }
    JsonNode preview =
        Catalog.preview("sync.copy", Copying.input(source, target, ""), new PlainContext());
    assertTrue(preview.toString().contains("no column a.gone"), preview::toString);
    assertNothingLeft();
  }

  @Test
  void thePreviewSaysWhatANewTableLacksAndGuessesNoRowsThatNobodyHasCounted() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE p (id serial, at date DEFAULT now(), CONSTRAINT positive CHECK (id > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "CREATE TABLE p_all PARTITION OF p DEFAULT",
        "INSERT INTO p SELECT FROM generate_series(1, 100)");

    String preview =
        Catalog.preview("sync.copy", Copying.input(source, target, ""), new PlainContext())
            .toString();

    assertTrue(preview.contains("p has checks in PostgreSQL (positive)"), preview);
    assertTrue(preview.contains("p has defaults in PostgreSQL (at)"), preview);
    assertTrue(preview.contains("p\\t?\\tinto a new table"), preview);
    SyncServer.sql(source, "ANALYZE p_all");
    String counted =
        Catalog.preview("sync.copy", Copying.input(source, target, ""), new PlainContext())
            .toString();
    assertTrue(counted.contains("p\\tabout 100\\t"), counted);
  }

  @Test
  void aRuleThatConcernsNothingIsRefused() throws Exception {
    SyncServer.sql(source, "CREATE TABLE t (id int PRIMARY KEY, at timestamptz)");

    ActionException failed =
        fails("'rules': {'timestamp': 'plain', 't.att': 'skip', 't.at': 'plain'}");

    assertTrue(failed.getMessage().contains("rules names timestamp,"), failed::getMessage);
    assertTrue(failed.getMessage().contains("rules names t.att,"), failed::getMessage);
    assertFalse(failed.getMessage().contains("t.at,"), failed::getMessage);
  }

  @Test
  void aValueThatTheColumnWouldChangeIsRefusedWithItsKey() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE t (id int PRIMARY KEY, n numeric, s text)",
        "INSERT INTO t VALUES (1, 10.5, 'x'), (2, 12345678901234567.25, 'y')");
    Copying.sqlite(target, "CREATE TABLE t (id INTEGER PRIMARY KEY, n NUMERIC, s STRING)");

    ActionException failed = fails("");
    assertTrue(
        failed.getMessage().contains("t.n has a number that can't be held exactly"),
        failed::getMessage);
    assertTrue(failed.getMessage().contains("id=2"), failed::getMessage);

    SyncServer.sql(source, "UPDATE t SET s = '007' WHERE id = 1");
    failed = fails("'rules': {'t.n': 'approximate'}");
    assertTrue(
        failed.getMessage().contains("t.s has a text that would become a number"),
        failed::getMessage);
    assertTrue(failed.getMessage().contains("id=1"), failed::getMessage);

    SyncServer.sql(source, "UPDATE t SET s = 'z'");
    Copying.copy(source, target, "'rules': {'t.n': 'approximate'}");
    assertEquals(
        List.of("1|10.5|z", "2|12345678901234568|z"), Copying.rows(target, "SELECT * FROM t"));
  }

  @Test
  void namesMayBeQuotedReservedAndOfAnyLanguageAndTheSchemaAnother() throws Exception {
    SyncServer.sql(
        source,
        "CREATE SCHEMA \"Mein Schema\"",
        "CREATE TABLE \"Mein Schema\".\"select \"\"x\"\"\" (\"order\" int, \"Größe; --\" text, \"名前\" text, \"from\" int, PRIMARY KEY (\"order\", \"from\"))",
        "INSERT INTO \"Mein Schema\".\"select \"\"x\"\"\" VALUES (1, 'a', 'b', 2)");

    Copying.copy(source, target, "'schema': 'Mein Schema'");

    assertEquals(
        List.of("1|a|b|2"),
        Copying.rows(
            target, "SELECT \"order\", \"Größe; --\", \"名前\", \"from\" FROM \"select \"\"x\"\"\""));
    SyncServer.sql(source, "DELETE FROM \"Mein Schema\".\"select \"\"x\"\"\"");
    Copying.copy(target, source, "'schema': 'Mein Schema'");
    assertEquals(
        List.of("1|a|b|2"),
        Copying.rows(source, "SELECT * FROM \"Mein Schema\".\"select \"\"x\"\"\""));
  }

  @Test
  void partitionsInheritanceAndTablesWithoutAKeyAreCopiedOnce() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE events (id int, day date) PARTITION BY RANGE (day)",
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
        "CREATE TABLE events_2 PARTITION OF events DEFAULT",
        "INSERT INTO events VALUES (1, '2026-01-05'), (1, '2026-01-05'), (2, '2027-01-01')",
        "CREATE TABLE base (a int)",
        "CREATE TABLE derived (b int) INHERITS (base)",
        "INSERT INTO base VALUES (1)",
        "INSERT INTO derived VALUES (2, 3)");

    Copying.copy(source, target, "");

    assertEquals(List.of("3"), Copying.rows(target, "SELECT count(*) FROM events"));
    assertEquals(List.of("1"), Copying.rows(target, "SELECT a FROM base"));
    assertEquals(List.of("2|3"), Copying.rows(target, "SELECT * FROM derived"));
  }

  @Test
  void aTableOfSixteenHundredColumnsPasses() throws Exception {
    String columns =
        IntStream.range(0, 1600).mapToObj(i -> "c" + i + " int").collect(Collectors.joining(", "));
    SyncServer.sql(
        source,
        "CREATE TABLE wide (" + columns + ")",
        "INSERT INTO wide (c0, c1599) SELECT i, -i FROM generate_series(1, 50) i");

    Copying.copy(source, target, "");

    assertEquals(
        List.of("50|-1275"), Copying.rows(target, "SELECT count(*), sum(c1599) FROM wide"));
  }

  @Test
  void referencesToWhatIsNotThereAreNamedAndNothingIsChanged() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE topics (id int PRIMARY KEY)",
        "CREATE TABLE parts (id int PRIMARY KEY, topic int)",
        "INSERT INTO parts VALUES (5, 77)");
    Copying.sqlite(
        target,
        "CREATE TABLE topics (id INTEGER PRIMARY KEY)",
        "CREATE TABLE parts (id INTEGER PRIMARY KEY, topic INT REFERENCES topics)",
        "INSERT INTO topics VALUES (3)");

    ActionException failed = fails("");

    assertTrue(
        failed.getMessage().contains("parts id=5 (topic=77) has no parent in topics"),
        failed::getMessage);
    assertEquals(List.of("3"), Copying.rows(target, "SELECT id FROM topics"));
    assertNothingLeft();
  }

  @Test
  void aRowThatTheTargetRefusesIsNamed() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, i FROM generate_series(1, 3000) i",
        "UPDATE t SET v = '1500' WHERE id = 1501");
    Copying.sqlite(target, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE)");

    ActionException failed = fails("");

    assertTrue(failed.getMessage().contains("UNIQUE constraint failed: t.v"), failed::getMessage);
    assertTrue(failed.getMessage().contains("id=1501"), failed::getMessage);
  }

  @Test
  void aRowThatAConditionOrAnIndexOfTheTargetRefusesIsNamed() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE t (id int PRIMARY KEY, v text, w text)",
        "INSERT INTO t SELECT i, i, i FROM generate_series(1, 900) i",
        "UPDATE t SET v = 'bad', w = '3' WHERE id = 777");
    Copying.sqlite(
        target, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT CHECK (v <> 'bad'), w TEXT)");

    ActionException failed = fails("");

    assertTrue(
        failed.getMessage().contains("refuses the row of t with id=777:"), failed::getMessage);
    assertTrue(failed.getMessage().contains("CHECK constraint failed: v <> 'bad'"));

    SyncServer.sql(source, "UPDATE t SET v = 'good'");
    Copying.sqlite(target, "CREATE UNIQUE INDEX one ON t (w)");

    failed = fails("");

    assertTrue(
        failed.getMessage().contains("the row of t with id=3 beside the row of t with id=777: "),
        failed::getMessage);
    assertTrue(failed.getMessage().contains("UNIQUE constraint failed: t.w"), failed::getMessage);
    assertEquals(List.of("0"), Copying.rows(target, "SELECT count(*) FROM t"));
    assertNothingLeft();
  }

  @Test
  void aSnapshotThatTheServerHoldsNoMoreIsTold() throws Exception {
    PostgresSide side =
        (PostgresSide) Side.of("source", new TextOrSecret(source), "public", new PlainContext());
    PostgresSnapshot snapshot = PostgresSnapshot.take(side);
    end("pg_terminate_backend");
    SQLException lost = assertThrows(SQLException.class, snapshot::join);
    ActionException told = side.failure("It could not be read", lost, new PlainContext());
    assertTrue(told.getMessage().contains("no longer holds the state"), told::getMessage);
  }

  @Test
  void aStatementThatIsCancelledInTheMiddleLeavesTheTargetAsItWas() throws Exception {
    many(10);
    Copying.sqlite(
        target,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES (1, 'old')");
    ActionException failed;
    try (Connection other = SyncServer.connect(source);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      PlainContext context =
          new PlainContext()
              .atHeartbeat(
                  () -> {
                    lock(statement);
                    end("pg_cancel_backend");
                  });

      failed = assertThrows(ActionException.class, () -> Copying.copy(source, target, "", context));
    }

    assertTrue(failed.getMessage().contains("57014"), failed::getMessage);
    assertTrue(failed.getMessage().contains("Somebody cancelled"), failed::getMessage);
    assertTrue(failed.getMessage().contains("is as it was"), failed::getMessage);
    assertEquals(List.of("1|old"), Copying.rows(target, "SELECT * FROM t"));
    assertNothingLeft();
  }

  @Test
  void twoCopiesIntoOneTargetAreRefusedAndSoIsOneThatIsInUse() throws Exception {
    SyncServer.sql(source, "CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
    AtomicReference<ActionException> second = new AtomicReference<>();
    PlainContext context =
        new PlainContext()
            .atHeartbeat(
                () -> {
                  if (second.get() == null) {
                    second.set(
                        assertThrows(
                            ActionException.class, () -> Copying.copy(source, target, "")));
                  }
                });

    Copying.copy(source, target, "", context);

    assertTrue(second.get().getMessage().contains("Another copy into"), second.get()::getMessage);
    assertTrue(
        second.get().getMessage().contains("the step step of the run run-1, in process "),
        second.get()::getMessage);
    assertEquals(List.of("1"), Copying.rows(target, "SELECT id FROM t"));
    Process reader =
        new ProcessBuilder("sh", "-c", "exec 3<" + target + "; echo open; exec sleep 60").start();
    try {
      assertEquals("open", reader.inputReader().readLine());
      ActionException failed = fails("");
      assertTrue(failed.getMessage().contains("is in use"), failed::getMessage);
    } finally {
      reader.destroyForcibly().waitFor();
    }
  }

  @Test
  void aServerThatGoesAwayMidwayLeavesTheTargetAsItWas() throws Exception {
    many(400_000);
    Copying.sqlite(
        target,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES (1, 'old')");
    AtomicBoolean done = new AtomicBoolean();
    PlainContext context =
        new PlainContext()
            .atHeartbeat(
                () -> {
                  if (done.compareAndSet(false, true)) {
                    end("pg_terminate_backend");
                  }
                });

    ActionException failed =
        assertThrows(ActionException.class, () -> Copying.copy(source, target, "", context));

    assertTrue(failed.getMessage().contains("is as it was"), failed::getMessage);
    assertEquals(List.of("1|old"), Copying.rows(target, "SELECT * FROM t"));
    assertNothingLeft();
  }

  @Test
  void aCancelledCopyLeavesTheTargetAsItWas() throws Exception {
    many(1000);
    Copying.sqlite(
        target,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES (1, 'old')");

    assertThrows(
        CancelledException.class,
        () -> Copying.copy(source, target, "", new PlainContext().cancel()));

    assertEquals(List.of("1|old"), Copying.rows(target, "SELECT * FROM t"));
    assertNothingLeft();
  }

  @Test
  void whatIsWrittenMeanwhileIsNotHalfCopied() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int PRIMARY KEY REFERENCES a)",
        "INSERT INTO a SELECT generate_series(1, 200000)",
        "INSERT INTO b SELECT generate_series(1, 200000)");
    PlainContext context =
        new PlainContext()
            .atHeartbeat(
                () -> {
                  try {
                    SyncServer.sql(
                        source,
                        "INSERT INTO a SELECT max(id) + 1 FROM a",
                        "INSERT INTO b SELECT max(id) FROM a");
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });

    Copying.copy(source, target, "", context);

    assertEquals(
        List.of("200000|200000"),
        Copying.rows(target, "SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)"));
  }

  @Test
  void aFileOfAnotherEncodingKeepsIt() throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE t (v text, b bytea)",
        "INSERT INTO t VALUES ('Grüße, 🦉', '\\x00ff'), ('', NULL)");
    Copying.sqlite(target, "PRAGMA encoding = 'UTF-16le'", "CREATE TABLE t (v TEXT, b BLOB)");

    Copying.copy(source, target, "");

    assertEquals(
        List.of("Grüße, 🦉|00FF|UTF-16le", "|null|UTF-16le"),
        Copying.rows(
            target,
            "SELECT v, CASE WHEN b IS NOT NULL THEN hex(b) END, encoding FROM t, pragma_encoding"));
  }

  @Test
  void anIndexForSearchingFindsTheNewRows() throws Exception {
    SyncServer.sql(
        source, "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'owl')");
    Copying.sqlite(
        target,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE VIRTUAL TABLE words USING fts5(v, content='t', content_rowid='id')",
        "CREATE TRIGGER kept AFTER INSERT ON t BEGIN INSERT INTO words (rowid, v) VALUES (new.id, new.v); END");

    Copying.copy(source, target, "");

    assertEquals(
        List.of("1"), Copying.rows(target, "SELECT rowid FROM words WHERE words MATCH 'owl'"));
  }

  @Test
  @RequiresProgram({"root", "mount"})
  void aFullDiskIsSeenBeforehandOrLeavesTheTargetAsItWas() throws Exception {
    many(20_000);
    Path small = Files.createDirectory(directory.resolve("small"));
    run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
    try {
      target = small.resolve("app.db");
      Copying.sqlite(
          target,
          "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
          "INSERT INTO t VALUES (1, 'old')");
      assertTrue(fails("").getMessage().contains("are free"), "seen beforehand");

      // Values that PostgreSQL has compressed take more room than it says.
      SyncServer.sql(source, "TRUNCATE t", "INSERT INTO t VALUES (1, repeat('x', 4000000))");
      assertTrue(fails("").getMessage().contains("is full"), "met in writing");

      assertEquals(List.of("1|old"), Copying.rows(target, "SELECT * FROM t"));
    } finally {
      run("umount", small.toString());
    }
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private void many(int rows) throws Exception {
    SyncServer.sql(
        source,
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, " + rows + ") i");
  }

  /** So that whoever wants to read it waits. */
  private static void lock(Statement statement) {
    try {
      statement.execute("LOCK TABLE t");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What others do in the source. */
  private void end(String how) {
    try (Connection connection = SyncServer.connect(source);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT "
              + how
              + "(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private ActionException fails(String more) {
    return assertThrows(ActionException.class, () -> Copying.copy(source, target, more));
  }

  private void assertNothingLeft() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of(),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.startsWith("."))
              .toList());
    }
  }
}
