package dev.backout.action.sync.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.sync.SyncServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadingSchemasTest {
  @TempDir private Path directory;

  @Test
  void postgresTablesComeWithTypesKeysReferencesAndSequences() throws Exception {
    Schema schema =
        postgres(
            "CREATE DOMAIN money_amount AS numeric(12, 2) CHECK (value >= 0)",
            "CREATE DOMAIN price AS money_amount NOT NULL",
            "CREATE TYPE mood AS ENUM ('sad', 'glad')",
            "CREATE TABLE topics (id bigserial PRIMARY KEY, name varchar(20) NOT NULL UNIQUE)",
            """
            CREATE TABLE artifacts (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic bigint REFERENCES topics ON DELETE CASCADE,
              cost price, feeling mood, tags text[], span int4range, ratio real, twice real GENERATED ALWAYS AS (ratio * 2) STORED,
              doc jsonb, "Größe ""x\""" int)""",
            "CREATE INDEX by_topic ON artifacts (topic)",
            "CREATE INDEX with_doc ON artifacts (topic) WHERE doc IS NOT NULL",
            "INSERT INTO topics (name) VALUES ('a'), ('b')");

    Table artifacts = schema.table("artifacts").orElseThrow();
    assertEquals(
        List.of("artifacts", "topics"), schema.tables().stream().map(Table::name).toList());
    assertEquals(List.of("id"), artifacts.key().orElseThrow().columns());
    assertTrue(artifacts.column("id").orElseThrow().identity());
    assertTrue(artifacts.column("twice").orElseThrow().generated());
    assertEquals(
        new ColumnType.Postgres("price", PostgresKind.NUMERIC, "numeric", 12, 2),
        artifacts.column("cost").orElseThrow().type());
    assertEquals(PostgresKind.OTHER, artifacts.column("feeling").orElseThrow().kind());
    assertEquals(PostgresKind.OTHER, artifacts.column("tags").orElseThrow().kind());
    assertEquals(PostgresKind.JSONB, artifacts.column("doc").orElseThrow().kind());
    assertTrue(artifacts.column("Größe \"x\"").isPresent());
    ForeignKey topic = artifacts.foreignKeys().get(0);
    assertEquals(
        List.of("topic", "topics", "id", "CASCADE"),
        List.of(
            topic.columns().get(0),
            topic.parent(),
            topic.parentColumns().get(0),
            topic.onDelete()));
    assertEquals(
        List.of(List.of("topic"), List.of()),
        artifacts.indexes().stream().map(Index::columns).toList());
    Table topics = schema.table("topics").orElseThrow();
    assertEquals(
        new Sequence("public.topics_id_seq", 2L), topics.column("id").orElseThrow().sequence());
    assertEquals(List.of("name"), topics.uniqueKeys().get(0).columns());
    assertNull(artifacts.column("ratio").orElseThrow().sequence());
  }

  @Test
  void aPartitionedTableIsOneTable() throws Exception {
    Schema schema =
        postgres(
            "CREATE TABLE events (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
            "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
            "INSERT INTO events VALUES (1, '2026-01-05')");

    assertEquals(List.of("events"), schema.tables().stream().map(Table::name).toList());
    assertTrue(schema.tables().get(0).partitioned());
    assertTrue(schema.tables().get(0).bytes() > 0);
  }

  @Test
  void sqliteTablesComeWithAffinitiesKeysAndReferences() throws Exception {
    Schema schema =
        sqlite(
            "CREATE TABLE topics (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) NOT NULL UNIQUE)",
            "CREATE TABLE parts (a TEXT, b INT, at DATETIME, size REAL, twice REAL AS (size * 2), raw BLOB, x, FOREIGN KEY (b) REFERENCES topics ON DELETE CASCADE, PRIMARY KEY (a, b))",
            "CREATE TABLE kept (k TEXT PRIMARY KEY, any ANY) STRICT, WITHOUT ROWID",
            "CREATE VIRTUAL TABLE words USING fts5(word)",
            "INSERT INTO topics (name) VALUES ('a')",
            "DELETE FROM topics");

    assertEquals(
        List.of("kept", "parts", "topics"), schema.tables().stream().map(Table::name).toList());
    assertEquals(List.of("words"), schema.others());
    Table parts = schema.table("PARTS").orElseThrow();
    assertEquals(
        List.of("TEXT", "INTEGER", "NUMERIC", "REAL", "REAL", "BLOB", "BLOB"),
        parts.columns().stream().map(column -> column.sqlite().affinity().name()).toList());
    assertEquals(List.of("a", "b"), parts.primaryKey().columns());
    assertTrue(parts.key().isEmpty(), "SQLite lets nulls into such a key");
    assertEquals(List.of("id"), parts.foreignKeys().get(0).parentColumns());
    assertTrue(parts.column("twice").orElseThrow().generated());
    Table topics = schema.table("topics").orElseThrow();
    assertEquals(new Sequence("topics", 1L), topics.column("id").orElseThrow().sequence());
    assertFalse(topics.uniqueKeys().get(0).nullable());
    assertEquals(List.of("k"), schema.table("kept").orElseThrow().key().orElseThrow().columns());
    assertEquals(
        Affinity.BLOB,
        schema.table("kept").orElseThrow().column("any").orElseThrow().sqlite().affinity());
  }

  private static Schema postgres(String... statements) throws Exception {
    String url = SyncServer.database();
    SyncServer.sql(url, statements);
    try (Connection connection = SyncServer.connect(url)) {
      return Dialect.POSTGRES.read(connection, "public");
    }
  }

  private Schema sqlite(String... statements) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("app.db"));
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
      return Dialect.SQLITE.read(connection, "main");
    }
  }
}
