package dev.backout.action.postgres;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.testing.Catalog;
import dev.backout.testing.LedgerDatabase;
import dev.backout.testing.PlainContext;
import dev.backout.testing.PostgresServer;
import dev.backout.testing.RequiresPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps go into databases of their own, and these into the place of the live one and back. */
@RequiresPostgres
final class RestoreDatabaseTest {
  private static PostgresServer server;
  private static int restored;
  @TempDir private static Path backups;
  private String ledger;
  private String target;
  private Path dump;

  @BeforeAll
  static void share(PostgresServer shared) {
    server = shared;
  }

  @BeforeEach
  void layOut() throws Exception {
    ledger = LedgerDatabase.in(server, 100);
    target = "restored" + ++restored;
    dump =
        Path.of(
            Catalog.run(
                    "postgres.dump",
                    "{'url': 'secret:DATABASE_URL', 'directory': '" + backups + "'}",
                    context("dump"))
                .path("path")
                .asText());
  }

  @Test
  void aDumpBecomesANewDatabaseWithAllItsRows() throws Exception {
    JsonNode output = restore("");

    assertAll(
        () -> assertEquals(target, output.path("database").asText()),
        () -> assertTrue(output.path("compared").asBoolean()),
        () -> assertEquals(90, output.path("tables").path("public.ledger_entries").asInt()),
        () -> assertEquals("90", value(target, "SELECT count(*) FROM ledger_entries")),
        () ->
            assertEquals(
                "t",
                value(target, "SELECT count(*) = 1 FROM pg_trigger WHERE tgname = 'append_only'")),
        () -> assertEquals(value(ledger, SUM), value(target, SUM)),
        () -> assertFalse(server.databases().toString().contains("backout_restore")));
    assertTrue(output.hasNonNull("dataAsOf"), output::toString);
    JsonNode again = restore("'trial': true");
    assertEquals(output.path("oid"), again.path("oid"), "a repetition has restored once more");
    assertFalse(again.hasNonNull("dataAsOf"), "what is only tried is not the data in use");
  }

  private static final String SUM = "SELECT sum(change_amount) FROM ledger_entries";

  @Test
  void aDatabaseThatExistsIsNeverTouched() throws Exception {
    server.sql("postgres", "CREATE DATABASE " + target);
    server.sql(target, "CREATE TABLE mine (id int)");

    ActionException failed = assertThrows(ActionException.class, () -> restore(""));

    assertTrue(failed.getMessage().contains("There is a database " + target), failed::getMessage);
    assertEquals("1", value(target, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'"));
  }

  @Test
  void aDumpThatIsNotWhatItsManifestSaysIsNotRestored() throws Exception {
    byte[] bytes = Files.readAllBytes(dump);
    bytes[bytes.length / 2] ^= 1;
    Files.write(dump, bytes);

    ActionException failed = assertThrows(ActionException.class, () -> restore(""));

    assertTrue(failed.getMessage().contains("is not what it was"), failed::getMessage);
    assertFalse(server.exists(target));
  }

  @Test
  void aTruncatedDumpWithoutAManifestLeavesNothingBehind() throws Exception {
    Files.delete(dump.resolveSibling(dump.getFileName() + ".manifest.json"));
    byte[] bytes = Files.readAllBytes(dump);
    Files.write(dump, java.util.Arrays.copyOf(bytes, bytes.length - 100));

    ActionException failed = assertThrows(ActionException.class, () -> restore(""));

    assertTrue(failed.getMessage().contains("pg_restore failed"), failed::getMessage);
    assertFalse(server.exists(target));
    assertFalse(server.databases().toString().contains("backout_restore"));
  }

  @Test
  void aDumpOfANewerServerIsRefusedBeforeAnythingIsMade() throws Exception {
    Files.delete(dump.resolveSibling(dump.getFileName() + ".manifest.json"));
    String bytes = new String(Files.readAllBytes(dump), StandardCharsets.ISO_8859_1);
    Files.write(
        dump, bytes.replaceAll("\\b15(\\.\\d+)", "99$1").getBytes(StandardCharsets.ISO_8859_1));

    ActionException failed = assertThrows(ActionException.class, () -> restore(""));

    assertTrue(failed.getMessage().contains("and the server is older"), failed::getMessage);
    assertFalse(server.databases().toString().contains("backout_restore"));
  }

  @Test
  void aLocaleThatTheServerLacksIsNamedAndAnotherMayBeTaken() throws Exception {
    Path manifest = dump.resolveSibling(dump.getFileName() + ".manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("C.UTF-8", "xx_XX.UTF-8"));

    ActionException failed = assertThrows(ActionException.class, () -> restore(""));

    assertTrue(failed.getMessage().contains("LC_COLLATE 'xx_XX.UTF-8'"), failed::getMessage);
    assertTrue(failed.getMessage().contains("Install that locale"), failed::getMessage);
    assertFalse(server.databases().toString().contains("backout_restore"));
    JsonNode output = restore("'locale': 'C'");
    assertTrue(output.path("compared").asBoolean());
    assertEquals(
        "C",
        value("postgres", "SELECT datcollate FROM pg_database WHERE datname = '" + target + "'"));
  }

  @Test
  void aDatabaseThatIcuSortsIsSortedByItAfterwards() throws Exception {
    String icu = target + "_icu";
    server.sql(
        "postgres",
        "CREATE DATABASE " + icu + " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE'");
    server.sql(icu, "CREATE TABLE t AS SELECT unnest(ARRAY['z', 'ö', 'a']) AS v");
    dump =
        Path.of(
            Catalog.run(
                    "postgres.dump",
                    "{'url': 'secret:DATABASE_URL', 'directory': '" + backups + "'}",
                    new PlainContext("icu").secret("DATABASE_URL", server.url(icu)))
                .path("path")
                .asText());

    restore("");

    assertEquals("azö", value(target, "SELECT string_agg(v, '' ORDER BY v) FROM t"));
    assertEquals(
        "i sv-SE",
        value(
            target,
            "SELECT format('%s %s', datlocprovider, daticulocale) FROM pg_database WHERE datname = current_database()"));
  }

  @Test
  void rowsThatDifferFromTheManifestAreFoundAndTheDatabaseIsDropped() throws Exception {
    Path manifest = dump.resolveSibling(dump.getFileName() + ".manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace("\"public.ledger_entries\" : 90", "\"public.ledger_entries\" : 91"));

    ActionException failed = assertThrows(ActionException.class, () -> restore(""));

    assertTrue(
        failed.getMessage().contains("public.ledger_entries has 90 rows, expected 91"),
        failed::getMessage);
    assertFalse(server.exists(target));
  }

  @Test
  void whatAKilledAttemptHasLeftIsNoObstacle() throws Exception {
    AtomicBoolean seen = new AtomicBoolean();
    PlainContext killed =
        context("restore")
            .atHeartbeat(
                () -> {
                  if (server.databases().toString().contains("backout_restore")) {
                    seen.set(true);
                    throw new IllegalStateException("as if the worker were killed");
                  }
                });
    assertThrows(ActionException.class, () -> Catalog.run("postgres.restore", input(""), killed));
    assertTrue(seen.get());
    assertFalse(server.exists(target));

    assertEquals(90, restore("").path("tables").path("public.ledger_entries").asInt());
  }

  @Test
  void aRestoreIsTakenBackAsLongAsItIsNotPromoted() throws Exception {
    JsonNode output = restore("");
    try (Connection inUse = server.connect(target)) {
      ActionException refused =
          assertThrows(ActionException.class, () -> drop(output, "'terminate': false"));
      assertTrue(refused.getMessage().contains("the-tests"), refused::getMessage);
      assertTrue(inUse.isValid(5));
    }
    promote(output, "'terminate': true");
    ActionException promoted =
        assertThrows(ActionException.class, () -> drop(output, "'terminate': true"));
    assertTrue(promoted.getMessage().contains("it was promoted"), promoted::getMessage);

    server.sql("postgres", "ALTER DATABASE " + ledger + " RENAME TO " + target);
    assertTrue(drop(output, "'terminate': true").path("dropped").asBoolean());
    assertFalse(server.exists(target));
    assertFalse(drop(output, "'terminate': true").path("dropped").asBoolean());
  }

  @Test
  void aPromotionKeepsTheFormerOneAndIsTakenBackExactly() throws Exception {
    server.sql("postgres", "ALTER DATABASE " + ledger + " SET statement_timeout = '7s'");
    server.sql("postgres", "ALTER DATABASE " + ledger + " CONNECTION LIMIT 33");
    server.sql("postgres", "REVOKE CONNECT ON DATABASE " + ledger + " FROM PUBLIC");
    String settings =
        "SELECT setconfig::text || d.datconnlimit || (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(d.datacl) a) FROM pg_db_role_setting s"
            + " JOIN pg_database d ON d.oid = s.setdatabase WHERE d.datname = '"
            + ledger
            + "'";
    String before = value("postgres", settings);
    String formerOid = oid(ledger);
    JsonNode output = restore("");
    server.sql(ledger, "INSERT INTO manual_interventions (what) VALUES ('only in the former')");

    JsonNode promoted = promote(output, "");

    String kept = promoted.path("keptAs").asText();
    assertAll(
        () -> assertEquals("0", value(ledger, "SELECT count(*) FROM manual_interventions")),
        () -> assertEquals("1", value(kept, "SELECT count(*) FROM manual_interventions")),
        () -> assertEquals(before, value("postgres", settings)),
        () -> assertEquals(formerOid, promoted.path("formerOid").asText()),
        () -> assertFalse(server.exists(target)));
    assertEquals(promoted.path("keptAs"), promote(output, "").path("keptAs"), "done twice");

    Catalog.run(
        "postgres.promote",
        "{'url': 'secret:DATABASE_URL', 'database': '%s', 'oid': %s, 'live': '%s', 'keepAs': '%s'}"
            .formatted(kept, promoted.path("formerOid"), ledger, target),
        context("undo"));

    assertAll(
        () -> assertEquals(formerOid, oid(ledger)),
        () -> assertEquals(output.path("oid").asText(), oid(target)),
        () -> assertEquals("1", value(ledger, "SELECT count(*) FROM manual_interventions")),
        () -> assertFalse(server.exists(kept)));
  }

  @Test
  void somebodyWhoIsConnectedIsInTheWayUnlessTheyMayBeEnded() throws Exception {
    JsonNode output = restore("");
    try (Connection application = server.connect(ledger)) {
      ActionException refused = assertThrows(ActionException.class, () -> promote(output, ""));
      assertTrue(refused.getMessage().contains("(the-tests) from 127.0.0.1"), refused::getMessage);
      assertTrue(server.exists(target));
      assertTrue(application.isValid(5));

      JsonNode promoted = promote(output, "'terminate': true");

      assertEquals(1, promoted.path("terminated").asInt(), promoted::toString);
      assertFalse(application.isValid(5));
    }
  }

  /** As an application's pool does it. */
  @Test
  void somebodyWhoComesBackAgainAndAgainDoesNotHinderAPromotion() throws Exception {
    JsonNode output = restore("");
    AtomicBoolean enough = new AtomicBoolean();
    Thread pool =
        new Thread(
            () -> {
              while (!enough.get()) {
                try (Connection connection = server.connect(ledger)) {
                  while (!enough.get() && connection.isValid(1)) {
                    Thread.onSpinWait();
                  }
                } catch (SQLException e) {
                  // ended, or not let in yet
                }
              }
            },
            "pool");
    pool.start();
    try {
      promote(output, "'terminate': true");
    } finally {
      enough.set(true);
      pool.join();
    }

    assertEquals(output.path("oid").asText(), oid(ledger));
  }

  @Test
  void anotherDatabaseOfThatNameIsNotPromoted() throws Exception {
    JsonNode output = restore("");
    server.sql("postgres", "DROP DATABASE " + target);
    server.sql("postgres", "CREATE DATABASE " + target);

    ActionException refused = assertThrows(ActionException.class, () -> promote(output, ""));

    assertTrue(refused.getMessage().contains("another database"), refused::getMessage);
  }

  private JsonNode restore(String more) throws ActionException, IOException {
    return Catalog.run("postgres.restore", input(more), context("restore"));
  }

  private String input(String more) {
    return "{'url': 'secret:DATABASE_URL', 'dump': '"
        + dump
        + "', 'database': '"
        + target
        + "'"
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }

  private JsonNode promote(JsonNode made, String more) throws ActionException, IOException {
    return Catalog.run(
        "postgres.promote",
        "{'url': 'secret:DATABASE_URL', 'database': '%s', 'oid': %s, 'live': '%s'%s}"
            .formatted(target, made.path("oid"), ledger, more.isEmpty() ? "" : ", " + more),
        context("promote"));
  }

  private JsonNode drop(JsonNode made, String more) throws ActionException, IOException {
    return Catalog.run(
        "postgres.dropRestored",
        "{'url': 'secret:SERVER_URL', 'database': '%s', 'oid': %s, %s}"
            .formatted(target, made.path("oid"), more),
        context("drop"));
  }

  private PlainContext context(String what) {
    return new PlainContext("run-of-" + ledger + "-" + (what.equals("undo") ? "undo" : "it"))
        .secret("DATABASE_URL", server.url(ledger))
        .secret("SERVER_URL", server.url("postgres"));
  }

  private static String value(String database, String query) {
    return server.value(database, query).orElse("");
  }

  private static String oid(String database) {
    return value("postgres", "SELECT oid FROM pg_database WHERE datname = '" + database + "'");
  }
}
