package dev.backout.action.sync.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.testing.Catalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Databases.Extension.class)
final class ReportLossTest {
  private final Databases databases;

  @TempDir Path directory;

  ReportLossTest(Databases databases) {
    this.databases = databases;
  }

  @Test
  void whatOnlyTheSourceHasIsCountedDatedAndShownMasked() throws Exception {
    String schema = harvester();
    Path file = before();

    JsonNode found = report(schema, file, ", 'mask': ['email']");

    assertFalse(found.path("lossless").asBoolean());
    assertEquals(3, found.path("lost").asInt());
    assertEquals(1, found.path("changed").asInt());
    assertEquals("2026-01-31T03:00:00Z", found.path("first").asText());
    assertEquals("2026-01-31T05:00:00.000001Z", found.path("last").asText());
    JsonNode artifacts = found.path("tables").path(0);
    assertEquals("artifacts", artifacts.path("table").asText());
    assertEquals(2, artifacts.path("lost").asInt());
    assertEquals(1, artifacts.path("onlyInTarget").asInt());
    String report = Files.readString(Path.of(found.path("path").asText()));
    assertTrue(report.contains("| artifacts | 2 | 1 | 2026-01-31T03:00:00Z |"), report);
    assertTrue(report.contains("a \\| b"), report);
    for (String each : new String[] {"path", "json", "csv"}) {
      String text = Files.readString(Path.of(found.path(each).asText()));
      assertFalse(text.contains("ada@example.org") || text.contains("hunter2"), text);
      assertFalse(text.contains("p4ssword"), text);
    }
  }

  @Test
  void theReportsHashStandsForAllFilesAndIsTheSameForTheSameLoss() throws Exception {
    String schema = harvester();
    Path file = before();

    JsonNode first = report(schema, file, "");
    JsonNode second = report(schema, file, "");
    Databases.sqlite(file, "DELETE FROM artifacts WHERE id = 1");
    JsonNode more = report(schema, file, "");

    assertEquals(first.path("sha256"), second.path("sha256"));
    assertNotEquals(first.path("sha256"), more.path("sha256"));
    String report = Files.readString(Path.of(first.path("path").asText()));
    for (String each : new String[] {"json", "csv"}) {
      assertTrue(report.contains(sha256(Path.of(first.path(each).asText()))), report);
    }
    assertEquals(sha256(Path.of(first.path("path").asText())), first.path("sha256").asText());
  }

  @Test
  void aTableThatTheTargetHasNotIsLostWhole() throws Exception {
    String schema = harvester();
    Path file =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, password TEXT)",
            "INSERT INTO people VALUES (1, 'ada@example.org', 'hunter2')");

    JsonNode found = report(schema, file, "");

    assertEquals(4, found.path("lost").asInt());
    assertEquals("2026-01-30T00:00:00Z", found.path("first").asText());
  }

  @Test
  void aColumnThatTheTargetHasNotIsALoss() throws Exception {
    Path one =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY, status TEXT)",
            "INSERT INTO a VALUES (1, 'open')");
    Path other =
        Databases.sqlite(
            directory.resolve("b.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY)",
            "INSERT INTO a VALUES (1)");

    JsonNode found =
        databases.run("sync.lossReport", "{'source': '" + one + "', 'target': '" + other + "'}");

    assertFalse(found.path("lossless").asBoolean());
    assertEquals("status", found.path("tables").path(0).path("columns").path(0).asText());
  }

  @Test
  void nothingLostIsSaidAndWhatOnlyTheTargetHasIsNoLoss() throws Exception {
    Path one =
        Databases.sqlite(directory.resolve("a.db"), "CREATE TABLE a (id INTEGER PRIMARY KEY)");
    Path other =
        Databases.sqlite(
            directory.resolve("b.db"),
            "CREATE TABLE a (id INTEGER PRIMARY KEY)",
            "INSERT INTO a VALUES (1)");

    JsonNode preview =
        Catalog.preview(
            "sync.lossReport",
            "{'source': '" + one + "', 'target': '" + other + "'}",
            databases.context());

    assertEquals("Nothing would be lost", preview.path("summary").asText());
    assertTrue(preview.path("outputs").path("lossless").asBoolean());
  }

  @Test
  void aCellOfTheListIsNoFormula() throws Exception {
    Path one =
        Databases.sqlite(
            directory.resolve("a.db"),
            "CREATE TABLE \"=cmd\" (id TEXT PRIMARY KEY)",
            "INSERT INTO \"=cmd\" VALUES ('x,\"y')");
    Path other =
        Databases.sqlite(directory.resolve("b.db"), "CREATE TABLE \"=cmd\" (id TEXT PRIMARY KEY)");

    JsonNode found =
        databases.run("sync.lossReport", "{'source': '" + one + "', 'target': '" + other + "'}");

    assertEquals(
        "table,how,key,time\r\n'=cmd,lost,\"id=x,\"\"y\",\r\n",
        Files.readString(Path.of(found.path("csv").asText())));
  }

  private String harvester() throws Exception {
    return databases.schema(
        "CREATE TABLE artifacts (id bigint PRIMARY KEY, title text, created_at timestamptz)",
        "CREATE TABLE people (id int PRIMARY KEY, email text, password text)",
        "INSERT INTO artifacts VALUES (1, 'old', '2026-01-30 00:00+00'), (2, 'edited', '2026-01-31 03:00+00'),"
            + " (3, 'a | b', '2026-01-31 04:00+00'), (4, 'new', '2026-01-31 05:00:00.000001+00')",
        "INSERT INTO people VALUES (1, 'ada@example.org', 'hunter2')");
  }

  /** As it was at the last backup. */
  private Path before() throws Exception {
    return Databases.sqlite(
        directory.resolve("before.db"),
        "CREATE TABLE artifacts (id INTEGER PRIMARY KEY, title TEXT, created_at TEXT)",
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, password TEXT)",
        "INSERT INTO artifacts VALUES (1, 'old', '2026-01-30 00:00:00.000000+00:00'),"
            + " (2, 'as it was', '2026-01-31 03:00:00.000000+00:00'), (9, 'deleted since', NULL)");
  }

  private JsonNode report(String schema, Path file, String more) throws Exception {
    return databases.run(
        "sync.lossReport",
        "{'source': 'secret:DATABASE_URL', 'schema': '"
            + schema
            + "', 'target': '"
            + file
            + "', 'timeColumn': 'created_at'"
            + more
            + "}");
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(
            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
