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
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on downgrading a schema: its runbook by its commands, on a project of its own. */
@RequiresProgram("alembic")
class DowngradeASchemaTest {
  private static final Path PAGE = Path.of("..", "docs/how-to/downgrade-a-schema.md");
  private static final Pattern RUNBOOK = Pattern.compile("(?ms)^```yaml\\R(apiVersion.*?)^```");
  private static final Pattern COMMAND = Pattern.compile("(?m)^backout (.*)$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  private Path home;
  private Path project;

  @Test
  void whatThePageShowsTakesTheSchemaBackAndForthAgain(@TempDir Path directory) throws Exception {
    home = directory.toRealPath();
    project = home.resolve("orders");
    AlembicSite.in(project, "sqlite:///app.db").shop().alembic("upgrade", "head");
    Files.createDirectories(project.resolve(".venv/bin"));
    Files.createSymbolicLink(project.resolve(".venv/bin/python"), Path.of(AlembicSite.PYTHON));
    String page = Files.readString(PAGE);
    Files.writeString(home.resolve("schema.yaml"), found(RUNBOOK, page).get(0));
    List<String> commands = found(COMMAND, page);
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
      assertEquals("agree", backout.awaitQuestion(command, "orders-schema").orElseThrow().step());
      Said approved = backout.run(words(commands.get(2)));
      assertEquals(0, approved.exit(), approved::toString);
      assertEquals(0, command.said().exit(), () -> backout.status("orders-schema"));
      assertEquals("0001", version());

      Said undone = backout.run(words(commands.get(3)));
      assertEquals(0, undone.exit(), undone::toString);
      assertEquals("0002", version());
    }
  }

  private static List<String> found(Pattern pattern, String page) {
    return pattern.matcher(page).results().map(match -> match.group(1)).toList();
  }

  /** As a shell would take the line, in a directory where the page's files are. */
  private List<String> words(String line) {
    return WORD.matcher(line)
        .results()
        .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
        .map(word -> word.replace("/srv/orders", project.toString()))
        .map(word -> word.equals("schema.yaml") ? home.resolve(word).toString() : word)
        .toList();
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
