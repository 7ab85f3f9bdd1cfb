package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only what was changed goes over, in both directions. */
final class DeltaTest {
  private static final String DELTA =
      "'mode': 'delta', 'since': '2026-01-02T00:00:00Z', 'overlap': '0s', 'changed': {'t': 'at'}";
  private static final String MERGE =
      "'mode': 'merge', 'since': '2026-01-02T00:00:00Z', 'overlap': '0s', 'changed': {'*': 'at'}";

  @TempDir private Path directory;
  private String server;
  private Path file;

  @BeforeEach
  void begin() throws Exception {
    server = SyncServer.database();
    file = directory.resolve("app.db");
    SyncServer.sql(
        server,
        "CREATE TABLE t (id int PRIMARY KEY, v text UNIQUE, at timestamptz)",
        "INSERT INTO t SELECT i, 'old ' || i, '2026-01-01' FROM generate_series(1, 5) i");
    Copying.copy(server, file, "");
  }

  @Test
  void rowsSinceGoOverAndOlderOnesStayAsTheyAre() throws Exception {
    SyncServer.sql(
        server,
        "UPDATE t SET v = 'x', at = '2026-01-03' WHERE id = 1",
        "UPDATE t SET v = 'old 1', at = '2026-01-03' WHERE id = 2",
        "UPDATE t SET v = 'old 2', at = '2026-01-03' WHERE id = 1",
        "INSERT INTO t VALUES (6, 'new', '2026-01-03')",
        "DELETE FROM t WHERE id = 5");
    Copying.sqlite(file, "UPDATE t SET v = 'mine' WHERE id = 3");

    JsonNode output = Copying.copy(server, file, DELTA);

    JsonNode table = output.get("tables").get(0);
    assertEquals(
        List.of(3, 1, 2, 0, 1, 6),
        List.of("read", "inserted", "updated", "deleted", "onlyInTarget", "rows").stream()
            .map(name -> table.get(name).asInt())
            .toList());
    assertEquals(
        List.of("1|old 2", "2|old 1", "3|mine", "4|old 4", "5|old 5", "6|new"),
        Copying.rows(file, "SELECT id, v FROM t ORDER BY id"));

    Copying.copy(server, file, DELTA + ", 'deletes': 'apply'");
    assertEquals(
        List.of("1,2,3,4,6"),
        Copying.rows(file, "SELECT group_concat(id) FROM (SELECT id FROM t ORDER BY id)"));
  }

  @Test
  void backIntoPostgresItIsTheSame() throws Exception {
    Copying.sqlite(
        file,
        "UPDATE t SET v = 'old 2', at = '2026-01-03 00:00:00.000000+00:00' WHERE id = 1 AND 0",
        "UPDATE t SET v = 'x' WHERE id = 1",
        "UPDATE t SET v = 'old 1', at = '2026-01-03 00:00:00.000000+00:00' WHERE id = 2",
        "UPDATE t SET v = 'old 2', at = '2026-01-03 00:00:00.000000+00:00' WHERE id = 1",
        "INSERT INTO t VALUES (6, 'new', '2026-01-03 00:00:00.000000+00:00')",
        "DELETE FROM t WHERE id = 5");
    SyncServer.sql(server, "UPDATE t SET v = 'theirs' WHERE id = 3");

    JsonNode output = Copying.copy(file, server, DELTA + ", 'deletes': 'apply'");

    JsonNode table = output.get("tables").get(0);
    assertEquals(
        List.of(3, 1, 2, 1, 0, 5),
        List.of("read", "inserted", "updated", "deleted", "onlyInTarget", "rows").stream()
            .map(name -> table.get(name).asInt())
            .toList());
    assertEquals(
        List.of("1|old 2", "2|old 1", "3|theirs", "4|old 4", "6|new"),
        Copying.rows(server, "SELECT id, v FROM t ORDER BY id"));
  }

  @Test
  void tablesThatChangedDoesNotNameAreCopiedWhole() throws Exception {
    SyncServer.sql(server, "CREATE TABLE u (a text)", "INSERT INTO u VALUES ('x'), ('x')");

    Copying.copy(server, file, DELTA + ", 'create': true");
    Copying.copy(server, file, DELTA);

    assertEquals(List.of("2"), Copying.rows(file, "SELECT count(*) FROM u"));
  }

  @Test
  void anOlderRowThatTheTargetLacksIsNotLostInSilence() throws Exception {
    SyncServer.sql(server, "INSERT INTO t VALUES (9, 'late', '2026-01-01')");

    ActionException failed = fails(server, file, DELTA);

    assertTrue(failed.getMessage().contains("lacks 1 rows of t"), failed::getMessage);
    assertEquals(List.of("5"), Copying.rows(file, "SELECT count(*) FROM t"));
  }

  @Test
  void aSinceInTheFutureOrOfAnotherKindIsRefused() {
    ActionException failed = fails(server, file, DELTA.replace("2026-01-02", "2999-01-02"));
    assertEquals(Kind.INVALID_INPUT, failed.kind());
    assertTrue(failed.getMessage().contains("by the source's clock it is"), failed::getMessage);

    failed = fails(file, server, DELTA.replace("2026-01-02", "2999-01-02"));
    assertTrue(failed.getMessage().contains("every row of t would be left out"));

    failed = fails(server, file, DELTA.replace("2026-01-02T00:00:00Z", "yesterday"));
    assertTrue(failed.getMessage().contains("a time such as"), failed::getMessage);

    failed = fails(server, file, DELTA.replace("'t': 'at'", "'t': 'v'"));
    assertTrue(
        failed.getMessage().contains("can't tell when a row was changed"), failed::getMessage);

    failed = fails(server, file, "'mode': 'delta'");
    assertTrue(failed.getMessage().contains("needs since"), failed::getMessage);
  }

  @Test
  void thePositionOfACopyIsTheSinceOfTheNext() throws Exception {
    String position = Copying.copy(server, file, "").get("position").asText();
    SyncServer.sql(server, "UPDATE t SET v = 'later', at = now() + interval '1 s' WHERE id = 2");

    JsonNode output = Copying.copy(server, file, DELTA.replace("2026-01-02T00:00:00Z", position));

    assertEquals(1, output.get("tables").get(0).get("updated").asInt());
    assertEquals(List.of("later"), Copying.rows(file, "SELECT v FROM t WHERE id = 2"));
  }

  @Test
  void aPositionMayBeANumber() throws Exception {
    SyncServer.sql(server, "INSERT INTO t VALUES (6, 'new', NULL)");

    Copying.copy(server, file, "'mode': 'delta', 'since': '5', 'changed': {'t': 'id'}");

    assertEquals(List.of("6"), Copying.rows(file, "SELECT count(*) FROM t"));
  }

  @Test
  void deletedRowsCanBeAReasonToCopyNothing() throws Exception {
    SyncServer.sql(server, "DELETE FROM t WHERE id = 5");

    ActionException failed = fails(server, file, DELTA + ", 'deletes': 'refuse'");

    assertTrue(
        failed.getMessage().contains("has 1 rows of t that the source has no more"),
        failed::getMessage);
  }

  @Test
  void aMergeKeepsWhatEachSideChangedAndPutsConflictsToWhoeverIsToDecide() throws Exception {
    both();

    ActionException failed = fails(server, file, MERGE);
    assertTrue(
        failed.getMessage().contains("2 rows of t were changed on both sides"), failed::getMessage);

    JsonNode output =
        Copying.copy(server, file, MERGE + ", 'conflicts': 'lastWrite', 'deletes': 'apply'");

    assertEquals(
        List.of("1|server", "2|file", "3|server only", "4|file only", "7|file new", "8|server new"),
        Copying.rows(file, "SELECT id, v FROM t ORDER BY id"));
    assertEquals(2, output.get("conflicts").asInt());
    List<String> report = Files.readAllLines(Path.of(output.get("conflictReport").asText()));
    assertEquals(
        "{\"table\":\"t\",\"winner\":\"source\",\"key\":{\"id\":\"1\"},\"columns\":{\"v\":{\"source\":\"server\",\"target\":\"file 1\"},"
            + "\"at\":{\"source\":\"2026-01-04 00:00:00.000000+00:00\",\"target\":\"2026-01-03 00:00:00.000000+00:00\"}}}",
        report.get(0));
  }

  @Test
  void whatIsSecretIsNotInTheReportOfConflicts() throws Exception {
    both();

    JsonNode output =
        Copying.copy(server, file, MERGE + ", 'conflicts': 'target', 'mask': ['t.v']");

    String report = Files.readString(Path.of(output.get("conflictReport").asText()));
    assertTrue(report.contains("\"v\":{\"source\":\"***\",\"target\":\"***\"}"), report);
    assertFalse(report.contains("file 1"), report);
    assertEquals(
        List.of("1|file 1", "2|file", "3|server only"),
        Copying.rows(file, "SELECT id, v FROM t WHERE id < 4 ORDER BY id"));
  }

  @Test
  void aMergeIntoPostgresIsTheSame() throws Exception {
    both();

    Copying.copy(file, server, MERGE + ", 'conflicts': 'lastWrite', 'deletes': 'apply'");

    assertEquals(
        List.of("1|server", "2|file", "3|server only", "4|file only", "7|file new", "8|server new"),
        Copying.rows(server, "SELECT id, v FROM t ORDER BY id"));
  }

  /** 1 and 2 are changed by both, 3 and 4 by one, 5 is deleted by one, 7 and 8 are new. */
  private void both() throws Exception {
    SyncServer.sql(
        server,
        "UPDATE t SET v = 'server', at = '2026-01-04' WHERE id = 1",
        "UPDATE t SET v = 'server 2', at = '2026-01-03' WHERE id = 2",
        "UPDATE t SET v = 'server only', at = '2026-01-03' WHERE id = 3",
        "INSERT INTO t VALUES (8, 'server new', '2026-01-03')",
        "DELETE FROM t WHERE id = 5");
    Copying.sqlite(
        file,
        "UPDATE t SET v = 'file 1', at = '2026-01-03 00:00:00.000000+00:00' WHERE id = 1",
        "UPDATE t SET v = 'file', at = '2026-01-04 00:00:00.000000+00:00' WHERE id = 2",
        "UPDATE t SET v = 'file only', at = '2026-01-03 00:00:00.000000+00:00' WHERE id = 4",
        "DELETE FROM t WHERE id = 5",
        "INSERT INTO t VALUES (7, 'file new', '2026-01-03 00:00:00.000000+00:00')");
  }

  private static ActionException fails(Object source, Object target, String more) {
    return assertThrows(ActionException.class, () -> Copying.copy(source, target, more));
  }
}
