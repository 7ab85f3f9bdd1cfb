package dev.backout.action.prisma;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import dev.backout.testing.PrismaSite;
import dev.backout.testing.RequiresProgram;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
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

/** A real PostgreSQL database gets its migrations by Prisma, or not. */
@RequiresProgram({"prisma", "node"})
final class DeployTest {
  private static final String THIRD = "20260301000000_bills";
  private static final String PASSWORD = "pass-word-of-the-shop";
  private static EmbeddedPostgres server;

  private final PlainContext context = new PlainContext().secret("DATABASE_URL", "");
  @TempDir private Path home;
  private PrismaSite site;

  @BeforeAll
  static void start() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setDataDirectory(Files.createTempDirectory("backout-prisma-"))
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void layOut() throws Exception {
    sql("DROP TABLE IF EXISTS orders, bills, _prisma_migrations");
    site = PrismaSite.in(home).shop();
    context.secret("DATABASE_URL", url(server.getPort()));
  }

  @Test
  void whatADatabaseLacksIsRunAndSeenInIt() throws Exception {
    JsonNode status = run("status", "");
    assertAll(
        () -> assertFalse(status.get("managed").asBoolean(), status::toString),
        () -> assertEquals(2, status.get("pending").size(), status::toString));
    JsonNode preview = Catalog.preview("prisma.deploy", input(""), context);
    assertTrue(preview.toString().contains("ADD COLUMN status"), preview::toString);
    assertEquals("0", sql("SELECT count(*) FROM pg_class WHERE relname = 'orders'"));

    JsonNode output =
        Catalog.run(
            "prisma.deploy", input(""), context.attempt(1, Files.createDirectory(evidence())));

    assertAll(
        () -> assertEquals(2, output.get("applied").size(), output::toString),
        () -> assertTrue(Files.exists(evidence().resolve("step-1-3-prisma-status.txt"))),
        () ->
            assertEquals(
                "status",
                sql(
                    "SELECT attname FROM pg_attribute WHERE attnum = 3 AND attrelid = 'orders'::regclass")),
        () ->
            assertFalse(
                Catalog.run(
                        "prisma.deploy",
                        input(""),
                        new PlainContext().secret("DATABASE_URL", url(server.getPort())))
                    .get("changed")
                    .asBoolean()));
  }

  private Path evidence() {
    return home.resolve("evidence");
  }

  @Test
  void whatAMigrationThrowsAwayIsNamedBeforehand() throws Exception {
    run("deploy", "");
    site.migration(THIRD, "-- no longer read\nALTER TABLE orders\n  DROP COLUMN note;");

    JsonNode status = run("status", "");

    assertEquals(
        "[\"" + THIRD + ": ALTER TABLE orders DROP COLUMN note\"]",
        status.get("breaking").toString());
  }

  @Test
  void oneThatFailsIsSaidAndStopsTheNextUntilAPersonHasDecided() throws Exception {
    site.migration(SECOND, "ALTER TABLE orders ADD COLUMN status TEXT; SELECT * FROM nowhere;");
    site.migration(THIRD, "CREATE TABLE bills (id INTEGER);");

    ActionException failed = fails("deploy", "");

    assertAll(
        () -> assertEquals(Kind.PERMANENT, failed.kind()),
        () ->
            assertTrue(
                failed.getMessage().contains("The migration " + SECOND + " failed"),
                failed::getMessage),
        () -> assertTrue(failed.getMessage().contains("nowhere"), failed::getMessage),
        () ->
            assertTrue(
                failed.getMessage().contains(FIRST + " was run and stays"), failed::getMessage),
        () -> assertFalse(failed.getMessage().contains(PASSWORD), failed::getMessage));
    JsonNode status = run("status", "");
    assertAll(
        () -> assertEquals("[\"" + SECOND + "\"]", status.get("failed").toString()),
        () -> assertTrue(status.get("pending").toString().contains(THIRD), status::toString));
    assertTrue(fails("deploy", "").getMessage().contains("Nothing was run"), "it ran something");

    JsonNode resolved = run("resolve", "'as': 'rolledBack'");
    site.migration(SECOND, "ALTER TABLE orders ADD COLUMN status TEXT;");
    JsonNode output = run("deploy", "");

    assertAll(
        () -> assertEquals(SECOND, resolved.get("migration").asText()),
        () -> assertTrue(resolved.get("changed").asBoolean()),
        () -> assertTrue(output.get("applied").toString().contains(THIRD), output::toString),
        () -> assertEquals("0", sql("SELECT count(*) FROM bills")),
        () -> assertEquals("0", sql("SELECT count(status) FROM orders")));
  }

  @Test
  void oneThatWasLeftHalfDoneAndIsCompletedByHandCountsAsApplied() throws Exception {
    site.migration(
        SECOND,
        "BEGIN; ALTER TABLE orders ADD COLUMN status TEXT; COMMIT; UPDATE orders SET colour = 'red';");
    assertEquals(Kind.PERMANENT, fails("deploy", "").kind());
    assertEquals("0", sql("SELECT count(status) FROM orders"));
    sql("ALTER TABLE orders ADD COLUMN colour TEXT");

    JsonNode preview = Catalog.preview("prisma.resolve", input("'as': 'applied'"), context);
    JsonNode resolved = run("resolve", "'as': 'applied'");

    assertAll(
        () ->
            assertTrue(
                preview.get("summary").asText().contains("Would mark " + SECOND),
                preview::toString),
        () -> assertTrue(resolved.get("changed").asBoolean()),
        () -> assertTrue(run("status", "").get("upToDate").asBoolean()),
        () ->
            assertFalse(
                run("resolve", "'as': 'applied', 'migration': '" + SECOND + "'")
                    .get("changed")
                    .asBoolean()));
  }

  @Test
  void oneThatWentWellCanNotBeMarkedAsRolledBackAndAMissingOneNotAtAll() throws Exception {
    run("deploy", "");

    ActionException well = fails("resolve", "'as': 'rolledBack', 'migration': '" + FIRST + "'");
    ActionException none = fails("resolve", "'as': 'applied', 'migration': '2020_nothing'");
    ActionException unnamed = fails("resolve", "'as': 'applied'");

    assertAll(
        () ->
            assertTrue(
                well.getMessage().contains("has not failed in the database"), well::getMessage),
        () -> assertTrue(none.getMessage().contains("2020_nothing"), none::getMessage),
        () -> assertTrue(unnamed.getMessage().contains("None has failed"), unnamed::getMessage));
  }

  @Test
  void aFileThatWasChangedAfterItWasRunIsSaidWherePrismaSaysThatAllIsWell() throws Exception {
    run("deploy", "");
    site.migration(FIRST, "CREATE TABLE orders (id INTEGER PRIMARY KEY, memo TEXT);");

    JsonNode status = run("status", "");

    assertEquals("[\"" + FIRST + "\"]", status.get("edited").toString(), status::toString);
    assertFalse(status.get("upToDate").asBoolean());
  }

  @Test
  void aServerThatIsNotThereMayComeBackAndAWrongPasswordIsNotShown() {
    context.secret("DATABASE_URL", url(1));
    ActionException away = fails("status", "");
    assertEquals(Kind.TRANSIENT, away.kind(), away::getMessage);
    assertTrue(away.getMessage().contains("can't be reached on the worker"), away::getMessage);
    assertFalse(away.getMessage().contains(PASSWORD), away::getMessage);
  }

  @Test
  void noOtherProgramComesInAsPrismaOrAsItsEngine() {
    ActionException program = fails("status", "'prisma': 'bash'");
    ActionException engine =
        fails("deploy", "'environment': {'PRISMA_SCHEMA_ENGINE_BINARY': '/bin/true'}");

    assertEquals(Kind.INVALID_INPUT, program.kind());
    assertEquals(Kind.NOT_ALLOWED, engine.kind(), engine::getMessage);
  }

  private static final String FIRST = PrismaSite.FIRST;
  private static final String SECOND = PrismaSite.SECOND;

  private JsonNode run(String verb, String more) throws Exception {
    return Catalog.run("prisma." + verb, input(more), context);
  }

  private ActionException fails(String verb, String more) {
    return assertThrows(ActionException.class, () -> run(verb, more));
  }

  private String input(String more) {
    return "{'directory': '"
        + home
        + "'"
        + (more.contains("'prisma'") ? "" : ", 'prisma': 'prisma'")
        + (more.contains("'environment'")
            ? ""
            : ", 'environment': {'DATABASE_URL': 'secret:DATABASE_URL'}")
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }

  private static String url(int port) {
    return "postgresql://postgres:" + PASSWORD + "@127.0.0.1:" + port + "/postgres";
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
