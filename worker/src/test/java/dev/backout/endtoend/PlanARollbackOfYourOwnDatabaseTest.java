package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.endtoend.accounting.AccountingSite;
import dev.backout.testing.RequiresProgram;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
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
      INSERT INTO notes (body, "order") VALUES ('{"a": null}', gen_random_uuid()), (NULL, NULL);
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
      Said approved = backout.run(HowTo.words(commands.get(2), here));
      assertEquals(0, approved.exit(), approved::toString);
      Said said = command.said();

      assertEquals(0, said.exit(), said::toString);
      assertAll(
          () -> assertTrue(shop.get("/api/v1/accounts").contains("\"journals\": 2")),
          () -> assertTrue(shop.get("/api/v1/healthz").contains("\"fallback\": false")),
          () ->
              assertTrue(
                  Files.readString(shop.home().resolve(".env"))
                      .contains("DATABASE_URL=sqlite:///shop.db")));
    }
  }

  private static List<String> inputs(String line, Map<String, String> here, AccountingSite shop) {
    return HowTo.words(line + " --input port=" + shop.port(), here);
  }

  private static String url(EmbeddedPostgres postgres) {
    return "postgresql://postgres:p4ssword-of-the-shop@127.0.0.1:"
        + postgres.getPort()
        + "/postgres";
  }
}
