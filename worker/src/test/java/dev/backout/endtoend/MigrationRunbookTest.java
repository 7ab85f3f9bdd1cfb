package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.ComposeSite;
import dev.backout.testing.DockerEngine;
import dev.backout.testing.MigratingReleases;
import dev.backout.testing.RequiresDocker;
import dev.backout.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A release that brought a migration goes back, by the commands that a person types. */
@RequiresDocker
@RequiresProgram("alembic")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationRunbookTest {
  private static final Path IMAGE = Path.of("..", "runbooks", "emergency", "compose-image.yaml");
  private static final String RENAME = "op.rename_table('orders', 'purchases')";
  private static final String RENAME_BACK = "op.rename_table('purchases', 'orders')";

  private Path root;
  private MigratingReleases releases;
  private OwnBackout backout;
  private ComposeSite site;
  private String target = "";

  @BeforeAll
  void ownBackout(DockerEngine engine, @TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    releases = MigratingReleases.of(engine, Files.createDirectories(root.resolve("releases")));
    releases.project("old");
    releases.make("old");
    release(
        "added", "op.create_table('bills', sa.Column('id', sa.Integer))", "op.drop_table('bills')");
    release("renamed", RENAME, RENAME_BACK);
    release("stuck", RENAME, RENAME_BACK + "; op.execute('SELECT * FROM nowhere')");
    release("one_way", RENAME, "pass");
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root, "alembic");
    backout.secret("METRICS_AUTHORIZATION", "Bearer tok3n-of-the-metrics");
  }

  private void release(String tag, String upgrade, String downgrade) throws Exception {
    releases.project(tag).revision("0003", "'0002'", tag, upgrade, downgrade);
    releases.make(tag);
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  @Test
  void aMigrationThatOnlyAddsStaysAndTheEarlierReleaseIsReadyWithIt() throws Exception {
    Running command = rollBackFrom("added");

    approve(command, "authorize", "only add things");

    assertEquals(0, command.said().exit(), () -> backout.status(target));
    assertAll(
        () -> assertEquals("0003", sql("SELECT version_num FROM alembic_version")),
        () -> assertTrue(site.get("/readyz").contains("\"migrations_current\":true")),
        () -> assertTrue(site.get("/healthz").contains("\"version\":\"old\"")));
  }

  @Test
  void aMigrationThatBreaksIsTakenBackOnceApprovedAndAnUndoOfTheRunBringsAllBack()
      throws Exception {
    Running command = rollBackFrom("renamed");
    sql("INSERT INTO purchases (id, note) VALUES (1, 'a note')");
    approve(command, "authorize", "do more than add things");
    assertEquals("0003", sql("SELECT version_num FROM alembic_version"));

    approve(command, "authorize_downgrade", "from 0003 to 0002. Nothing is thrown away");

    assertEquals(0, command.said().exit(), () -> backout.status(target));
    assertAll(
        () -> assertEquals("0002", sql("SELECT version_num FROM alembic_version")),
        () -> assertEquals("a note", sql("SELECT note FROM orders")),
        () -> assertTrue(site.get("/readyz").contains("\"migrations_current\":true")),
        () -> assertTrue(site.get("/healthz").contains("\"version\":\"old\"")));

    Said undone = backout.run("undo", target, "--yes", "--reason", "the release was not at fault");

    assertEquals(0, undone.exit(), undone::toString);
    assertAll(
        () -> assertEquals("0003", sql("SELECT version_num FROM alembic_version")),
        () -> assertEquals("a note", sql("SELECT note FROM purchases")),
        () -> assertTrue(site.get("/healthz").contains("\"version\":\"renamed\"")),
        () -> assertTrue(site.get("/readyz").contains("\"migrations_current\":true")));
  }

  @Test
  void whereTheDowngradeFailsHalfWayAPersonDecidesAndUndoBringsBackTheService() throws Exception {
    Running command = rollBackFrom("stuck");
    sql("INSERT INTO purchases (id, note) VALUES (1, 'a note')");
    approve(command, "authorize", "do more than add things");
    approve(command, "authorize_downgrade", "The service stops");

    Waiting failure = backout.question(command, target);
    assertEquals("downgrade", failure.step(), failure::question);
    assertTrue(failure.question().contains("no such table: nowhere"), failure::question);
    assertTrue(failure.question().contains("is at 0003, as before"), failure::question);
    assertEquals("a note", sql("SELECT note FROM purchases"));

    Said decided = backout.run("undo", target, "downgrade", "--reason", "fix it going forward");
    assertEquals(0, decided.exit(), decided::toString);

    assertEquals(5, command.said().exit());
    assertAll(
        () -> assertEquals("0003", sql("SELECT version_num FROM alembic_version")),
        () -> assertTrue(site.get("/healthz").contains("\"version\":\"stuck\"")),
        () -> assertTrue(site.get("/readyz").contains("\"migrations_current\":true")));
  }

  @Test
  void aMigrationThatCanNotBeTakenBackStopsTheRunBeforeAnythingIsTouched() throws Exception {
    Running command = rollBackFrom("one_way");
    String container = site.container("api");

    Said said = command.said();

    assertAll(
        () -> assertEquals(1, said.exit(), said::toString),
        () -> assertTrue(said.all().contains("The downgrade() of 0003"), said::toString),
        () -> assertEquals(container, site.container("api")),
        () -> assertEquals("0003", sql("SELECT version_num FROM alembic_version")));
  }

  private Running rollBackFrom(String tag) throws Exception {
    target = "api-" + tag;
    site = releases.layOut(root.resolve("site-" + tag), tag);
    List<String> words = words("run");
    words.add("--yes");
    return backout.start(words.toArray(String[]::new));
  }

  private List<String> words(String command) {
    List<String> words = new ArrayList<>(List.of(command, IMAGE.toString()));
    for (String input :
        List.of(
            "tag=old",
            "pull=false",
            "level=0002",
            "alembicDirectory=/app",
            "service=" + target,
            "home=" + site.home(),
            "baseUrl=" + site.baseUrl(),
            "metricsAuthorization=secret:METRICS_AUTHORIZATION")) {
      words.addAll(List.of("--input", input));
    }
    return words;
  }

  private void approve(Running command, String checkpoint, String asked) throws Exception {
    Waiting question = backout.question(command, target);
    assertEquals(checkpoint, question.step(), question::question);
    assertTrue(question.question().contains(asked), question::question);
    Said said = backout.run("approve", target, checkpoint, "--comment", "by the test");
    assertEquals(0, said.exit(), said::toString);
  }

  private String sql(String text) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + site.home() + "/var/app.db");
        Statement statement = connection.createStatement()) {
      if (!statement.execute(text)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.getString(1);
      }
    }
  }
}
