package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.TextOrSecret;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At a server that ends snapshots once what they see has been vacuumed away. */
final class OldSnapshotTest {
  private static final String TOO_OLD = "72000";
  private static EmbeddedPostgres server;
  private static String source;

  @TempDir private Path directory;
  private Path target;

  @BeforeAll
  static void start() throws Exception {
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("old_snapshot_threshold", "0")
            .setServerConfig("autovacuum", "off")
            .start();
    source = "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres";
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void begin() throws Exception {
    target = directory.resolve("app.db");
    SyncServer.sql(
        source,
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'former' FROM generate_series(1, 2000) i",
        "VACUUM t");
    Copying.sqlite(
        target,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES (1, 'old')");
  }

  @Test
  void aCopyWhoseSnapshotGrowsTooOldLosesNoRowInSilenceAndWorksAtTheSecondTry() throws Exception {
    ActionException failed =
        assertThrows(
            ActionException.class, () -> Copying.copy(source, target, "", vacuumedMeanwhile()));

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().contains("could not be read to the end, at t; " + target),
        failed::getMessage);
    assertTrue(failed.getMessage().contains("is as it was"), failed::getMessage);
    assertTrue(failed.getMessage().contains("snapshot too old (72000)"), failed::getMessage);
    assertTrue(failed.getMessage().contains("begin again, at a quieter time"), failed::getMessage);
    assertEquals(List.of("1|old"), Copying.rows(target, "SELECT * FROM t"));
    assertNothingLeft();

    Copying.copy(source, target, "");

    assertEquals(
        List.of("2000|new|new"), Copying.rows(target, "SELECT count(*), min(v), max(v) FROM t"));
  }

  @Test
  void aComparisonWhoseSnapshotGrowsTooOldNamesTheTable() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "sync.compare", Copying.input(source, target, ""), vacuumedMeanwhile()));

    assertTrue(
        failed.getMessage().contains("Could not read table t of the source"), failed::getMessage);
    assertTrue(failed.getMessage().contains("snapshot too old (72000)"), failed::getMessage);
    assertTrue(failed.getMessage().contains("begin again"), failed::getMessage);
  }

  /** Which a standby answers whose primary has vacuumed away what is read. */
  @Test
  void aReaderThatAStandbyHasEndedIsToldWhereElseToRead() throws Exception {
    PostgresSide side =
        (PostgresSide) Side.of("source", new TextOrSecret(source), "public", new PlainContext());
    SQLException conflict =
        new SQLException("ERROR: canceling statement due to conflict with recovery", "40001");

    ActionException told = side.failure("It could not be read", conflict, new PlainContext());

    assertTrue(told.getMessage().contains("read the primary"), told::getMessage);
    assertTrue(told.getMessage().contains("max_standby_streaming_delay"), told::getMessage);
  }

  /** At the first heartbeat, when the snapshot has been taken and no row been read. */
  private PlainContext vacuumedMeanwhile() {
    AtomicBoolean done = new AtomicBoolean();
    return new PlainContext()
        .atHeartbeat(
            () -> {
              if (done.compareAndSet(false, true)) {
                changeAndVacuum();
              }
            });
  }

  /** Until a snapshot that is younger than the copy's is too old. */
  private static void changeAndVacuum() {
    try (Connection younger = SyncServer.connect(source);
        Statement reading = younger.createStatement()) {
      reading.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
      reading.execute("SELECT FROM t LIMIT 1");
      SyncServer.sql(source, "UPDATE t SET v = 'new'");
      do {
        SyncServer.sql(source, "SELECT txid_current()", "VACUUM t");
      } while (!isTooOld(reading));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isTooOld(Statement reading) throws SQLException {
    try {
      reading.execute("SELECT count(v) FROM t");
      return false;
    } catch (SQLException e) {
      if (!TOO_OLD.equals(e.getSQLState())) {
        throw e;
      }
      return true;
    }
  }

  private void assertNothingLeft() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(
          List.of("app.db"), files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
