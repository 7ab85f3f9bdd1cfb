package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.testing.AlembicSite;
import dev.backout.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on downgrading a schema: its runbook by its commands, on a project of its own. */
@RequiresProgram("alembic")
class DowngradeASchemaTest {
  private Path home;
  private Path project;

  @Test
  void whatThePageShowsTakesTheSchemaBackAndForthAgain(@TempDir Path directory) throws Exception {
    home = directory.toRealPath();
    project = home.resolve("orders");
    AlembicSite.in(project, "sqlite:///app.db").shop().alembic("upgrade", "head");
    Files.createDirectories(project.resolve(".venv/bin"));
    Files.createSymbolicLink(project.resolve(".venv/bin/python"), Path.of(AlembicSite.PYTHON));
    HowTo page = HowTo.named("downgrade-a-schema.md");
    Files.writeString(home.resolve("schema.yaml"), page.runbook());
    List<String> commands = page.commands();
    assertEquals(4, commands.size(), commands::toString);
    try (OwnBackout backout =
        OwnBackout.in(Files.createDirectories(home.resolve("own")), home, "alembic")) {

      Said plan = backout.run(words(commands.get(0)));
      assertAll(
          () -> assertEquals(0, plan.exit(), plan::toString),
          () -> assertTrue(plan.all().contains("the column orders.status"), plan::toString),
          () -> assertEquals("0002", version()));

      List<String> run = words(commands.get(1) + " --yes");
      Running command = backout.start(run.toArray(String[]::new));
      assertEquals("agree", backout.question(command, "orders-schema").step());
      Said approved = backout.run(words(commands.get(2)));
      assertEquals(0, approved.exit(), approved::toString);
      assertEquals(0, command.said().exit(), () -> backout.status("orders-schema"));
      assertEquals("0001", version());

      Said undone = backout.run(words(commands.get(3)));
      assertEquals(0, undone.exit(), undone::toString);
      assertEquals("0002", version());
    }
  }

  private List<String> words(String line) {
    return HowTo.words(
        line,
        Map.of(
            "/srv/orders",
            project.toString(),
            "schema.yaml",
            home.resolve("schema.yaml").toString()));
  }

  private String version() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + project + "/app.db");
        Statement statement = connection.createStatement()) {
      return statement
          .executeQuery("SELECT version_num FROM alembic_version")
          .getString("version_num");
    }
  }
}
