package dev.backout.action.sync.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(Databases.Extension.class)
final class CompareDatabasesTest {
  private final Databases databases;

  @TempDir Path directory;

  CompareDatabasesTest(Databases databases) {
    this.databases = databases;
  }

  @Test
  void theSameInTheirOwnWaysOfWritingIsTheSame() throws Exception {
    String schema =
        databases.schema(
            "CREATE TABLE a (id bigint PRIMARY KEY, flag bool, price numeric(12,2), score float8, small float4, name text,"
                + " padded char(5), blob bytea, at timestamptz, local timestamp, day date, clock time, uid uuid, doc jsonb,"
                + " tags text[])",
            "INSERT INTO a VALUES (1, true, 1.50, 0.1, 1.1, E'tab\\tand\\\\slash\\nä', 'ab', '\\x00ff', '2026-01-31 03:00:00.123456+01',"
                + " '2026-01-31 03:00', '2026-01-31', '03:00:00.5', '4F1C0000-0000-0000-0000-00000000000A', '{\"b\": 1.0, \"a\": [2]}',"
                + " ARRAY['x', NULL])",
            "INSERT INTO a (id) VALUES (2)",
            "INSERT INTO a (id, score, at, day) VALUES (3, 'Infinity', '0044-03-15 12:00+00 BC', '12026-01-01')");
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, flag BOOLEAN, price TEXT, score REAL, small REAL, name TEXT, padded TEXT,"
                + " blob BLOB, at TEXT, local TEXT, day TEXT, clock TEXT, uid TEXT, doc TEXT, tags TEXT)",
            "INSERT INTO a VALUES (1, 1, '1.5', 0.1, 1.1, 'tab' || char(9) || 'and\\slash' || char(10) || 'ä', 'ab', x'00ff',"
                + " '2026-01-31T02:00:00.123456Z', '2026-01-31 03:00:00.000000', '2026-01-31', '03:00:00.500000',"
                + " '4f1c000000000000000000000000000a', '{\"a\":[2],\"b\":1}', '{x,NULL}')",
            "INSERT INTO a (id) VALUES (2)",
            "INSERT INTO a (id, score, at, day) VALUES (3, 9e999, '0044-03-15 12:00:00.000000+00:00 BC', '12026-01-01')");

    JsonNode found = compare(schema, file, "");

    assertTrue(found.path("same").asBoolean(), found::toPrettyString);
    assertEquals(3, found.path("sourceRows").asInt());
    assertEquals(found.path("sourceHash"), found.path("targetHash"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      textBlock =
          """
          timestamptz; '2026-01-31 03:00:00.123456+00'; TEXT; '2026-01-31 03:00:00.123457+00:00'
          text; ''; TEXT; NULL
          text; NULL; TEXT; ''
          text; 'a'; TEXT; 'a '
          float8; 'NaN'; REAL; NULL
          float8; 'NaN'; REAL; 0.0
          float8; 0.1; REAL; 0.10000000000000002
          numeric; 1.50; TEXT; '1.51'
          numeric; 12345678901234567890.123456789; TEXT; '12345678901234567890.123456788'
          bool; NULL; BOOLEAN; 0
          bytea; '\\x'; BLOB; NULL
          bytea; '\\x00'; BLOB; x'0000'
          bigint; 9007199254740993; INTEGER; 9007199254740992
          jsonb; '{"a": 1}'; TEXT; '{"a": "1"}'
          jsonb; 'null'; TEXT; NULL
          """)
  void oneValueThatDiffersIsFound(String type, String one, String declared, String other)
      throws Exception {
    String schema = databases.schema(table(type), insert(one));
    Path file = Databases.sqlite(directory.resolve("a.db"), table(declared), insert(other));

    JsonNode found = compare(schema, file, "");

    assertFalse(found.path("same").asBoolean());
    JsonNode table = found.path("tables").path(0);
    assertEquals(1, table.path("changed").asInt());
    assertEquals("id=1", table.path("differences").path(0).path("key").asText());
    assertEquals("v", table.path("differences").path(0).path("columns").path(0).asText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      textBlock =
          """
          numeric; 1.50; TEXT; '1.5'
          numeric; 100; TEXT; '1E+2'
          numeric; 0.00; INTEGER; 0
          numeric; 'NaN'; TEXT; 'NaN'
          float8; '-0'; REAL; 0.0
          float8; 'NaN'; REAL; 'NaN'
          float4; 16777217; REAL; 16777216.0
          timestamptz; 'infinity'; TEXT; 'infinity'
          timestamptz; '2026-01-31 03:00+01'; TEXT; '2026-01-31 02:00:00'
          timestamptz; '2026-01-31 03:00+00'; TEXT; '2026-01-31T08:30:00+05:30'
          date; '2026-01-31'; DATETIME; '2026-01-31 00:00:00.000000'
          char(4); 'a'; TEXT; 'a   '
          time; '24:00'; TEXT; '24:00:00.000000'
          interval; '1 month -2 days'; TEXT; '1 mon -2 days'
          inet; '10.0.0.1/8'; TEXT; '10.0.0.1/8'
          uuid; '4f1c0000-0000-0000-0000-00000000000a'; BLOB; x'4f1c000000000000000000000000000a'
          """)
  void oneValueInTwoWaysIsOne(String type, String one, String declared, String other)
      throws Exception {
    String schema = databases.schema(table(type), insert(one));
    Path file = Databases.sqlite(directory.resolve("a.db"), table(declared), insert(other));

    JsonNode found = compare(schema, file, "");

    assertTrue(found.path("same").asBoolean(), found::toPrettyString);
  }

  @Test
  void aTableOrColumnThatOneSideLacksMakesADifferenceUnlessItIsLeftOut() throws Exception {
    String schema =
        databases.schema(
            "CREATE TABLE a (id int PRIMARY KEY, extra text)",
            "CREATE TABLE alembic_version (version_num text)",
            "INSERT INTO a VALUES (1, 'x')",
            "INSERT INTO alembic_version VALUES ('0002')");
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY)",
            "CREATE TABLE b (id INTEGER PRIMARY KEY)",
            "INSERT INTO a VALUES (1)",
            "INSERT INTO b VALUES (1), (2)");

    JsonNode all = compare(schema, file, "");
    JsonNode some =
        compare(schema, file, ", 'except': ['alembic_version', 'b'], 'ignore': ['a.extra']");

    assertFalse(all.path("same").asBoolean());
    assertEquals(
        "[\"a: the target has no column extra\",\"alembic_version: the target has no such table\",\"b: the source has no such table\"]",
        all.path("differs").toString());
    assertEquals("extra", all.path("tables").path(0).path("columnsOnlyInSource").path(0).asText());
    assertEquals("onlyInSource", all.path("tables").path(1).path("verdict").asText());
    assertEquals("onlyInTarget", all.path("tables").path(2).path("verdict").asText());
    assertEquals(2, all.path("tables").path(2).path("onlyInTarget").asInt());
    assertTrue(some.path("same").asBoolean(), some::toPrettyString);
  }

  @Test
  void thousandsOfDifferencesAreCountedAndAFewAreListed() throws Exception {
    String schema =
        databases.schema(
            "CREATE TABLE a (id int PRIMARY KEY, v text)",
            "INSERT INTO a SELECT i, 'v' || i FROM generate_series(1, 30000) i");
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT)",
            "INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 5001 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
                + " SELECT i, CASE WHEN i % 10 = 0 THEN 'other' ELSE 'v' || i END FROM n");

    JsonNode found = compare(schema, file, ", 'most': 7");

    JsonNode table = found.path("tables").path(0);
    assertEquals(5000, table.path("onlyInSource").asInt());
    assertEquals(10_000, table.path("onlyInTarget").asInt());
    assertEquals(2500, table.path("changed").asInt());
    assertEquals(17_500, found.path("differing").asInt());
    assertEquals(5, table.path("differences").size());
    JsonNode evidence = evidence(found);
    assertEquals(21, evidence.path("tables").path(0).path("rows").size());
    assertFalse(evidence.path("tables").path(0).path("ranges").isEmpty());
  }

  @Test
  void keysThatAreNoNumbersAreToldApartInWhateverOrderTheyAreSorted() throws Exception {
    String schema =
        databases.schema(
            "CREATE TABLE a (k text, n int, v int, PRIMARY KEY (k, n))",
            "INSERT INTO a VALUES ('B', 1, 1), ('a', 1, 2), ('Ä', 1, 3), ('a', 2, 4), ('only', 1, 5)");
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (k TEXT, n INTEGER, v INTEGER, PRIMARY KEY (k, n)) WITHOUT ROWID",
            "INSERT INTO a VALUES ('a', 2, 4), ('Ä', 1, 33), ('a', 1, 2), ('B', 1, 1)");

    JsonNode table = compare(schema, file, "").path("tables").path(0);

    assertEquals(1, table.path("onlyInSource").asInt());
    assertEquals(1, table.path("changed").asInt());
    assertEquals("k=only, n=1", table.path("differences").path(0).path("key").asText());
    assertEquals("k=Ä, n=1", table.path("differences").path(1).path("key").asText());
  }

  @Test
  void aTableWithoutAKeyIsComparedAsManyRowsAsItHas() throws Exception {
    String schema =
        databases.schema(
            "CREATE TABLE a (v text, n int)",
            "INSERT INTO a VALUES ('x', 1), ('x', 1), ('x', 1), ('y', NULL)");
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (v TEXT, n INTEGER)",
            "INSERT INTO a VALUES ('y', NULL), ('x', 1), ('z', 2)");

    JsonNode table = compare(schema, file, "").path("tables").path(0);

    assertEquals(2, table.path("onlyInSource").asInt());
    assertEquals(1, table.path("onlyInTarget").asInt());
    assertEquals(0, table.path("changed").asInt());
    assertTrue(table.path("key").isEmpty());
  }

  @Test
  void rowsThatNothingTellsApartAreCountedWithoutBeingHeld() throws Exception {
    Path one =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (v TEXT)",
            "INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
                + " SELECT CASE WHEN i % 2 = 0 THEN 'x' ELSE 'v' || i END FROM n");
    Path other =
        Databases.sqlite(
            directory.resolve("b.db"), "CREATE TABLE a (v TEXT)", "INSERT INTO a VALUES ('x')");

    JsonNode table = files(one, other, "").path("tables").path(0);

    assertEquals(4999, table.path("onlyInSource").asInt());
    assertEquals(0, table.path("onlyInTarget").asInt());
  }

  @Test
  void aTableThatIsNoneOfItsOwnIsNamedAndNotCompared() throws Exception {
    Path one =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY)",
            "CREATE VIRTUAL TABLE words USING fts5(body)");
    Path other =
        Databases.sqlite(directory.resolve("b.db"), "CREATE TABLE a (id INTEGER PRIMARY KEY)");

    JsonNode found = files(one, other, "");

    assertTrue(found.path("same").asBoolean(), found::toPrettyString);
    assertEquals("[\"words\"]", found.path("notCompared").toString());
  }

  @Test
  void aKeyThatDoesntTellRowsApartIsRefused() throws Exception {
    Path one =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (v TEXT, n INTEGER)",
            "INSERT INTO a VALUES ('x', 1), ('x', 2)");
    Path other =
        Databases.sqlite(
            directory.resolve("b.db"),
            "CREATE TABLE a (v TEXT, n INTEGER)",
            "INSERT INTO a VALUES ('x', 1)");

    ActionException refusal =
        assertThrows(ActionException.class, () -> files(one, other, ", 'keys': {'a': ['v']}"));
    JsonNode named = files(one, other, ", 'keys': {'a': ['v', 'n']}");

    assertTrue(refusal.getMessage().contains("doesn't tell the rows"), refusal.getMessage());
    assertEquals(1, named.path("tables").path(0).path("onlyInSource").asInt());
  }

  @Test
  void twoSqliteFilesAreComparedAsTheyAreStored() throws Exception {
    Path one =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, v)",
            "INSERT INTO a VALUES (1, 5), (2, '5'), (3, x'35'), (4, 5.0), (5, NULL)");
    Path other =
        Databases.sqlite(
            directory.resolve("b.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, v)",
            "INSERT INTO a VALUES (1, 5.0), (2, 5), (3, '5'), (4, 5), (5, '')");

    JsonNode table = files(one, other, "").path("tables").path(0);

    assertEquals(3, table.path("changed").asInt());
    assertTrue(files(one, one, "").path("same").asBoolean());
  }

  @Test
  void twoSchemasOfPostgresAreComparedByTheirTypes() throws Exception {
    String one =
        databases.schema(
            "CREATE TABLE a (id int PRIMARY KEY, n int, t timestamptz)",
            "INSERT INTO a VALUES (1, 5, '2026-01-31 03:00+00'), (2, 6, NULL)");
    String other =
        databases.schema(
            "CREATE TABLE a (id bigint PRIMARY KEY, n numeric(9,3), t timestamp)",
            "INSERT INTO a VALUES (1, 5, '2026-01-31 03:00'), (2, 6.001, NULL)");

    JsonNode found =
        databases.run(
            "sync.compare",
            "{'source': 'secret:DATABASE_URL', 'target': 'secret:DATABASE_URL', 'schema': '"
                + one
                + "', 'targetSchema': '"
                + other
                + "'}");

    JsonNode table = found.path("tables").path(0);
    assertEquals(1, table.path("changed").asInt());
    assertEquals("id=2", table.path("differences").path(0).path("key").asText());
  }

  @Test
  void namesThatNeedQuotesAndOthersCapitalsAreFound() throws Exception {
    String schema =
        databases.schema(
            "CREATE TABLE \"Order \"\"x\"\"\" (\"select\" int PRIMARY KEY, \"Größe\" text)",
            "INSERT INTO \"Order \"\"x\"\"\" VALUES (1, 'a')");
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE \"order \"\"X\"\"\" (\"SELECT\" INTEGER PRIMARY KEY, \"Größe\" TEXT)",
            "INSERT INTO \"order \"\"X\"\"\" VALUES (1, 'a')");

    assertTrue(compare(schema, file, "").path("same").asBoolean());
  }

  @Test
  void confidentialValuesAreNotShown() throws Exception {
    Path one =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (api_token TEXT PRIMARY KEY, email TEXT)",
            "INSERT INTO a VALUES ('t0ken', 'ada@example.org')");
    Path other =
        Databases.sqlite(
            directory.resolve("b.db"), "CREATE TABLE a (api_token TEXT PRIMARY KEY, email TEXT)");

    JsonNode found = files(one, other, "");

    assertFalse(found.toString().contains("t0ken"));
    assertFalse(Files.readString(Path.of(found.path("path").asText())).contains("t0ken"));
    assertEquals(1, found.path("tables").path(0).path("onlyInSource").asInt());
  }

  @Test
  void theSameDataGivesTheSameEvidence() throws Exception {
    Path one =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, v)",
            "INSERT INTO a VALUES (1, 5), (2, 6)");
    Path other =
        Databases.sqlite(
            directory.resolve("b.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, v)",
            "INSERT INTO a VALUES (2, 7)");

    JsonNode first = files(one, other, "");
    JsonNode second = files(one, other, "");

    assertEquals(first.path("sha256"), second.path("sha256"));
    assertNotEquals(first.path("sourceHash"), first.path("targetHash"));
  }

  @Test
  void readingLeavesNothingBesideAFileInWalMode() throws Exception {
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"),
            "PRAGMA journal_mode = WAL",
            "CREATE TABLE a (id INTEGER PRIMARY KEY)",
            "INSERT INTO a VALUES (1)");
    Path other = Files.copy(file, directory.resolve("b.db"));
    List<Path> before = names();

    assertTrue(files(file, other, "").path("same").asBoolean());

    assertEquals(before, names());
  }

  @Test
  void nothingToCompareAndWhatIsMissingAreSaid() throws Exception {
    Path empty = Databases.sqlite(directory.resolve("a.db"), "PRAGMA user_version = 1");

    ActionException nothing = assertThrows(ActionException.class, () -> files(empty, empty, ""));
    ActionException table =
        assertThrows(ActionException.class, () -> files(empty, empty, ", 'tables': ['artifacts']"));
    ActionException file =
        assertThrows(ActionException.class, () -> files(directory.resolve("none.db"), empty, ""));

    assertTrue(nothing.getMessage().contains("nothing to compare"), nothing.getMessage());
    assertTrue(table.getMessage().contains("table artifacts"), table.getMessage());
    assertEquals(Kind.INVALID_INPUT, file.kind());
    assertTrue(file.getMessage().contains("none.db"), file.getMessage());
  }

  @Test
  void aServerThatIsAwayMayComeBackAndItsPasswordIsNotShown() throws Exception {
    Path file =
        Databases.sqlite(directory.resolve("a.db"), "CREATE TABLE a (id INTEGER PRIMARY KEY)");

    ActionException failure =
        assertThrows(
            ActionException.class,
            () ->
                databases.run(
                    "sync.compare",
                    "{'source': 'postgresql://app:s3cret@127.0.0.1:1/app', 'target': '"
                        + file
                        + "'}"));

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertFalse(failure.getMessage().contains("s3cret"), failure.getMessage());
  }

  @Test
  void cancellingEndsIt() throws Exception {
    Path file =
        Databases.sqlite(directory.resolve("a.db"), "CREATE TABLE a (id INTEGER PRIMARY KEY)");

    assertThrows(
        CancelledException.class,
        () ->
            Catalog.run(
                "sync.compare",
                "{'source': '" + file + "', 'target': '" + file + "'}",
                databases.context().cancel()));
  }

  @Test
  void whatWasCopiedIsTheSameUntilSomebodyWrites() throws Exception {
    String schema =
        databases.schema(
            "CREATE TYPE mood AS ENUM ('ok', 'bad')",
            "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, flag bool, price numeric(30,9), score float8, small float4,"
                + " name varchar(40), padded char(5), blob bytea, at timestamptz, local timestamp, day date, clock time,"
                + " zoned timetz, span interval, uid uuid, doc jsonb, raw json, tags text[], state mood, net inet, range int4range,"
                + " bits bit(3), cash money)",
            "INSERT INTO a (flag, price, score, small, name, padded, blob, at, local, day, clock, zoned, span, uid, doc, raw, tags, state,"
                + " net, range, bits, cash) SELECT i % 2 = 0, i * 1.500000001, i / 7.0, i / 3.0, 'n' || i, 'p', decode(md5(i::text), 'hex'),"
                + " timestamptz '1999-12-31 23:59:59.999999+00' + i * interval '1.000001 day', '2026-01-31 03:00', '2026-01-31', '03:00:00.5',"
                + " '03:00+05:30', i * interval '1 day 2 hours -3 seconds', md5(i::text)::uuid, jsonb_build_object('b', i, 'a', 1.50), '{ \"x\" : 1 }',"
                + " ARRAY['a,b', NULL, '\"'], 'ok', '10.0.0.1', '[1,5)', B'101', 12.34 FROM generate_series(1, 3000) i",
            "INSERT INTO a (score, small, price, at, day) VALUES ('NaN', '-Infinity', 'NaN', 'infinity', '-infinity'),"
                + " ('-0', '-0', 0, '0044-03-15 12:00+00 BC', '12026-01-01'), (NULL, NULL, NULL, NULL, NULL)");
    Path file = directory.resolve("copied.db");

    databases.run("sync.copy", input(schema, file, ""));
    JsonNode copied = compare(schema, file, "");
    Databases.sqlite(file, "UPDATE a SET at = '1999-12-31 23:59:59.999998+00:00' WHERE id = 1500");
    JsonNode written = compare(schema, file, "");

    assertTrue(copied.path("same").asBoolean(), copied::toPrettyString);
    assertEquals(3003, copied.path("targetRows").asInt());
    assertEquals(1, written.path("differing").asInt());
  }

  @Test
  void thePreviewIsTheComparison() throws Exception {
    String schema =
        databases.schema(
            "CREATE TABLE a (id int PRIMARY KEY, v text)", "INSERT INTO a VALUES (1, 'x')");
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"), "CREATE TABLE a (id INTEGER PRIMARY KEY, v TEXT)");

    JsonNode preview =
        Catalog.preview("sync.compare", input(schema, file, ""), databases.context());

    assertFalse(preview.path("changes").asBoolean());
    assertEquals("The sides differ: 1 rows", preview.path("summary").asText());
    assertFalse(preview.path("outputs").path("same").asBoolean(true));
  }

  private JsonNode compare(String schema, Path file, String more) throws Exception {
    return databases.run("sync.compare", input(schema, file, more));
  }

  private static String input(String schema, Path file, String more) {
    return "{'source': 'secret:DATABASE_URL', 'schema': '"
        + schema
        + "', 'target': '"
        + file
        + "'"
        + more
        + "}";
  }

  private JsonNode files(Path one, Path other, String more) throws Exception {
    return databases.run(
        "sync.compare", "{'source': '" + one + "', 'target': '" + other + "'" + more + "}");
  }

  private static JsonNode evidence(JsonNode found) throws Exception {
    return new com.fasterxml.jackson.databind.ObjectMapper()
        .readTree(Path.of(found.path("path").asText()).toFile());
  }

  private static String table(String type) {
    return "CREATE TABLE a (id INTEGER PRIMARY KEY, v " + type + ")";
  }

  private static String insert(String value) {
    return "INSERT INTO a VALUES (1, " + value + ")";
  }

  private List<Path> names() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
