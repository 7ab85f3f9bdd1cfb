package dev.backout.action.alembic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.AlembicSite;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresProgram;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL database goes from revision to revision. */
@RequiresProgram("alembic")
final class MoveOnPostgresTest {
  private static final String PASSWORD = "pass-word-of-the-shop";

  private static EmbeddedPostgres server;
  private static Path data;
  @TempDir private Path home;
  private AlembicSite site;

  @BeforeAll
  static void start() throws Exception {
    data = Files.createTempDirectory("backout-alembic-");
    server = EmbeddedPostgres.builder().setDataDirectory(data).start();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE shop SUPERUSER LOGIN PASSWORD '" + PASSWORD + "'");
      Path rules = data.resolve("pg_hba.conf");
      Files.writeString(rules, "host all shop all scram-sha-256\n" + Files.readString(rules));
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void layOut() throws Exception {
    sql("DROP TABLE IF EXISTS orders, alembic_version");
    site = AlembicSite.in(home, url(PASSWORD, server.getPort())).shop().alembic("upgrade", "head");
  }

  @Test
  void aDowngradeIsSeenInTheDatabaseAndItsSqlBeforehand() throws Exception {
    JsonNode preview =
        Catalog.preview("alembic.downgrade", input(PASSWORD, "'to': '0001'"), context());
    assertTrue(
        preview.toString().contains("ALTER TABLE orders DROP COLUMN status"), preview::toString);
    assertEquals("0002", sql("SELECT version_num FROM alembic_version"));

    JsonNode output = Catalog.run("alembic.downgrade", input(PASSWORD, "'to': '0001'"), context());

    assertEquals("[\"0001\"]", output.get("after").toString());
    assertFalse(output.has("snapshot"), output::toString);
    assertEquals("0001", sql("SELECT version_num FROM alembic_version"));
    assertEquals(
        "2", sql("SELECT count(*) FROM information_schema.columns WHERE table_name = 'orders'"));
  }

  @Test
  void aDowngradeThatFailsHalfWayIsTakenBackByTheDatabase() throws Exception {
    site.revision(
        "0001",
        "None",
        "it",
        "pass",
        "op.drop_table('orders'); op.execute('SELECT * FROM nowhere')");

    ActionException failed = fails(input(PASSWORD, "'to': 'base'"));

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().contains("\"nowhere\" does not exist"), failed::getMessage);
    assertTrue(
        failed
            .getMessage()
            .contains("is at 0002, as before: the database has taken all of it back"),
        failed::getMessage);
    assertEquals(
        "3", sql("SELECT count(*) FROM information_schema.columns WHERE table_name = 'orders'"));
  }

  @Test
  void aWrongPasswordIsSaidAndNotShown() {
    ActionException failed = fails(input("not-the-pass-word", "'to': 'base'"));

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().contains("password authentication failed for user \"shop\""),
        failed::getMessage);
    assertFalse(failed.getMessage().contains("pass-word"), failed::getMessage);
  }

  @Test
  void aServerThatIsNotThereMayComeBack() throws Exception {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "alembic.current",
                    input("", "").replace(":" + server.getPort(), ":1"),
                    context()));

    assertEquals(Kind.TRANSIENT, failed.kind());
    assertTrue(failed.getMessage().contains("can't be reached on the worker"), failed::getMessage);
    JsonNode preview =
        Catalog.preview(
            "alembic.upgrade", input("", "").replace(":" + server.getPort(), ":1"), context());
    assertTrue(preview.toString().contains("Connection refused"), preview::toString);
  }

  private ActionException fails(String input) {
    return assertThrows(
        ActionException.class, () -> Catalog.run("alembic.downgrade", input, context()));
  }

  private static PlainContext context() {
    return new PlainContext();
  }

  private String input(String password, String more) {
    return "{'directory': '"
        + home
        + "', 'python': '"
        + AlembicSite.PYTHON
        + "', 'environment': {'DATABASE_URL': '"
        + url(password, server.getPort())
        + "'}"
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }

  private static String url(String password, int port) {
    return "postgresql://shop:" + password + "@127.0.0.1:" + port + "/postgres";
  }

  private static String sql(String text) throws Exception {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      if (!statement.execute(text)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }
}
