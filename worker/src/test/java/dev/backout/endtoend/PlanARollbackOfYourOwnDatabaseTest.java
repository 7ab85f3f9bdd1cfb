package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.endtoend.accounting.AccountingSite;
import dev.backout.testing.RequiresProgram;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on taking a database of one's own back: its runbook by its commands. */
@RequiresProgram("pg_dump")
class PlanARollbackOfYourOwnDatabaseTest {
  private static final String MORE =
      """
      CREATE TABLE "price list" (region text, item int, price numeric(20, 10) NOT NULL, tags text[], PRIMARY KEY (region, item));
      INSERT INTO "price list" VALUES ('EU', 1, 0.1234567891, ARRAY['a', NULL, 'c']), ('ÜS', 2, 99999999.0000000001, NULL);
      CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body jsonb, "order" uuid, updated_at timestamptz DEFAULT now());
      INSERT INTO notes (body, "order", updated_at) VALUES ('{"a": null}', gen_random_uuid(), '2020-02-29'), (NULL, NULL, now());
      """;

  @Test
  void whatThePageShowsPutsAServiceBackOnSqliteWithAllItsData(@TempDir Path directory)
      throws Exception {
    Path home = directory.toRealPath();
    HowTo page = HowTo.named("plan-a-rollback-of-your-own-database.md");
    Files.writeString(home.resolve("shop.yaml"), page.runbook());
    List<String> commands = page.commands();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        AccountingSite shop =
            AccountingSite.layOut(home.resolve("shop"), Map.of("DATABASE_URL", url(postgres)));
        OwnBackout backout =
            OwnBackout.in(Files.createDirectories(home.resolve("own")), home, "java")) {
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(MORE);
      }
      Files.createDirectories(shop.home().resolve("backups"));
      backout.secret("DATABASE_URL", url(postgres));
      shop.start();
      shop.post("19.90");
      Map<String, String> here =
          Map.of(
              "/srv/shop",
              shop.home().toString(),
              "shop.yaml",
              home.resolve("shop.yaml").toString(),
              "command=bin/shop",
              "command=" + String.join(",", shop.command(shop.port())));

      Said plan = backout.run(inputs(commands.get(0), here, shop));
      assertEquals(0, plan.exit(), plan::toString);

      Running command =
          backout.start(inputs(commands.get(1) + " --yes", here, shop).toArray(String[]::new));
      assertEquals("authorize", backout.question(command, "shop").step());
      shop.post("5.00");
      Thread unseen = new Thread(() -> changeUnseen(postgres, shop));
      unseen.start();
      Said approved = backout.run(HowTo.words(commands.get(2), here));
      assertEquals(0, approved.exit(), approved::toString);
      Said said = command.said();
      unseen.join();

      assertEquals(0, said.exit(), said::toString);
      assertAll(
          () -> assertTrue(said.all().contains("again, as one did is done"), said::toString),
          () ->
              assertEquals(
                  orderIn(postgres.getPostgresDatabase().getConnection()),
                  orderIn(DriverManager.getConnection("jdbc:sqlite:" + shop.home() + "/shop.db"))),
          () -> assertTrue(shop.get("/api/v1/accounts").contains("\"journals\": 2")),
          () -> assertTrue(shop.get("/api/v1/healthz").contains("\"fallback\": false")),
          () ->
              assertTrue(
                  Files.readString(shop.home().resolve(".env"))
                      .contains("DATABASE_URL=sqlite:///shop.db")));
    }
  }

  /** What no column tells, for as long as the shop is open. */
  private static void changeUnseen(EmbeddedPostgres postgres, AccountingSite shop) {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      while (isOpen(shop.port())) {
        statement.execute("UPDATE notes SET \"order\" = gen_random_uuid() WHERE id = 1");
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String orderIn(Connection connection) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT \"order\" FROM notes WHERE id = 1")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static List<String> inputs(String line, Map<String, String> here, AccountingSite shop) {
    return HowTo.words(line + " --input health=/api/v1/healthz --input port=" + shop.port(), here);
  }

  private static String url(EmbeddedPostgres postgres) {
    return "postgresql://postgres:p4ssword-of-the-shop@127.0.0.1:"
        + postgres.getPort()
        + "/postgres";
  }
}
