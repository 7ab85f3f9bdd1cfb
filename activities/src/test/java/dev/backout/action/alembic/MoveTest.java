package dev.backout.action.alembic;

import static org.junit.jupiter.api.Assertions.assertAll;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A SQLite database goes from revision to revision, and nothing of it is lost. */
@RequiresProgram("alembic")
final class MoveTest {
  private static Path upgraded;
  private final PlainContext context = new PlainContext();
  @TempDir private Path home;
  private AlembicSite site;

  @BeforeAll
  static void upgradeOnce(@TempDir Path once) throws Exception {
    AlembicSite.in(once, "sqlite:///app.db").shop().alembic("upgrade", "head");
    upgraded = once.resolve("app.db");
    sql(upgraded, "INSERT INTO orders VALUES (1, 'a note', 'paid')");
  }

  @BeforeEach
  void layOut() throws Exception {
    site = AlembicSite.in(home, "sqlite:///app.db").shop();
    Files.copy(upgraded, home.resolve("app.db"));
  }

  @Test
  void aDowngradeAndTheUpgradeThatUndoesItAreSeenInTheDatabase() throws Exception {
    JsonNode down = run("downgrade", "'to': '-1'");

    assertAll(
        () -> assertEquals("[\"0002\"]", down.get("before").toString()),
        () -> assertEquals("[\"0001\"]", down.get("after").toString()),
        () -> assertTrue(down.get("changed").asBoolean()),
        () -> assertEquals("[id, note]", columns().toString()),
        () -> assertEquals("[id, note, status]", columns(down.get("snapshot").asText()).toString()),
        () -> assertTrue(Files.exists(Path.of(down.get("log").asText()))));

    JsonNode up = run("upgrade", "'to': '" + down.get("former").asText() + "'");

    assertEquals("[\"0002\"]", up.get("after").toString());
    assertEquals("[id, note, status]", columns().toString());
    assertEquals("a note", sql("SELECT note FROM orders"));
  }

  @Test
  void whereTheDatabaseIsThereAlreadyNothingIsRunAndThePreviewSaysSo() throws Exception {
    JsonNode output = run("downgrade", "'to': '0002'");

    assertFalse(output.get("changed").asBoolean(), output::toString);
    assertFalse(output.has("log"), output::toString);
    assertEquals("[]", left());
    JsonNode preview = Catalog.preview("alembic.downgrade", input("'to': '0002'"), context);
    assertEquals(home + "/app.db is at 0002 already", preview.get("summary").asText());
    assertFalse(preview.get("changes").asBoolean());
  }

  @Test
  void thePreviewShowsWhatWouldBeUndoneAndLostAndChangesNothing() throws Exception {
    JsonNode preview = Catalog.preview("alembic.downgrade", input("'to': 'base'"), context);

    String text = preview.toString();
    assertAll(
        () -> assertTrue(text.contains("from 0002 to no revision on the worker"), text),
        () -> assertTrue(text.contains("0002\\ta status for orders\\tadditive\\treal"), text),
        () -> assertTrue(text.contains("the column orders.status"), text),
        () -> assertTrue(text.contains("Its SQL can't be told beforehand"), text),
        () -> assertEquals("0002", sql("SELECT version_num FROM alembic_version")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pass", "raise NotImplementedError('one way')"})
  void aDowngradeThatIsEmptyOrOnlyRaisesIsRefusedBeforeAnythingIsRun(String body) throws Exception {
    // That of 0002 would be run first, and done.
    site.revision("0001", "None", "create the orders", "op.create_table('orders')", body);

    ActionException failed = fails("downgrade", "'to': 'base'");

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().contains("The downgrade() of 0001"), failed::getMessage);
    assertTrue(failed.getMessage().contains("Nothing was run"), failed::getMessage);
    assertEquals("[id, note, status]", columns().toString());
    assertEquals("[]", left());
    JsonNode preview = Catalog.preview("alembic.downgrade", input("'to': 'base'"), context);
    assertTrue(preview.toString().contains("Why it would be refused"), preview::toString);
  }

  @Test
  void aDowngradeThatFailsHalfWayIsPutBackAndWhatItHadDoneIsKept() throws Exception {
    site.revision(
        "0001",
        "None",
        "create the orders",
        "op.create_table('orders')",
        "op.execute('DELETE FROM orders'); op.execute('SELECT * FROM nowhere')");

    ActionException failed = fails("downgrade", "'to': 'base'");

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().contains("no such table: nowhere"), failed::getMessage);
    assertTrue(failed.getMessage().contains("is at 0002, as before"), failed::getMessage);
    assertEquals("[id, note, status]", columns().toString());
    assertEquals("paid", sql("SELECT status FROM orders"));
    assertEquals("[app.db.before-run-1-step, app.db.half-done-run-1-step]", left());
    assertEquals("[id, note]", columns(home + "/app.db.half-done-run-1-step").toString());
  }

  /** The next attempt begins where the first began: two steps back would else be three. */
  @Test
  void aDowngradeThatWasBrokenOffIsInDoubtAndTheNextAttemptPutsItBackFirst() throws Exception {
    Path go = home.resolve("go");
    site.revision(
            "0003",
            "'0002'",
            "more",
            "op.create_table('more', sa.Column('id', sa.Integer))",
            "op.drop_table('more')")
        .file(
            "0002",
            "'0001'",
            "a status for orders",
            "import os, time\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n"
                + "    with op.batch_alter_table('orders') as batch:\n        batch.drop_column('status')\n"
                + "    while not os.path.exists('"
                + go
                + "'):\n        time.sleep(0.05)\n")
        .alembic("upgrade", "head");

    ActionException broken = fails("downgrade", "'to': '-2', 'timeout': '6s'");

    assertEquals(Kind.UNKNOWN_OUTCOME, broken.kind());
    assertTrue(broken.getMessage().contains("The version table says"), broken::getMessage);
    assertTrue(broken.getMessage().contains("app.db.during-run-1-step"), broken::getMessage);
    assertEquals(
        home + "/app.db.during-run-1-step", run("current", "").get("interrupted").asText());
    ActionException other =
        assertThrows(
            ActionException.class,
            () -> Catalog.run("alembic.downgrade", input("'to': '-2'"), new PlainContext("run-2")));
    assertTrue(other.getMessage().contains("was broken off in the middle"), other::getMessage);

    Files.createFile(go);
    JsonNode output = run("downgrade", "'to': '-2'");

    assertEquals("[\"0003\"]", output.get("before").toString());
    assertEquals("[\"0001\"]", output.get("after").toString());
    assertEquals("a note", sql("SELECT note FROM orders"));
    assertFalse(run("current", "").has("interrupted"));
  }

  @Test
  void anAttemptThatGoesOnIsNotDisturbedByTheNextOne() throws Exception {
    Path begun = home.resolve("begun");
    Path go = home.resolve("go");
    site.file(
        "0002",
        "'0001'",
        "a status for orders",
        "import os, time\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    open('"
            + begun
            + "', 'w').close()\n    while not os.path.exists('"
            + go
            + "'):\n        time.sleep(0.05)\n    with op.batch_alter_table('orders') as batch:\n"
            + "        batch.drop_column('status')\n");
    FutureTask<JsonNode> first = new FutureTask<>(() -> run("downgrade", "'to': '0001'"));
    new Thread(first, "first-attempt").start();
    while (!Files.exists(begun)) {
      assertFalse(first.isDone(), "it ended without having begun");
      Thread.sleep(20);
    }

    ActionException second = fails("downgrade", "'to': '0001'");
    Files.createFile(go);

    assertEquals(Kind.TRANSIENT, second.kind(), second::getMessage);
    assertTrue(second.getMessage().contains("is still under way"), second::getMessage);
    assertEquals("[\"0001\"]", first.get().get("after").toString());
    assertEquals("a note", sql("SELECT note FROM orders"));
  }

  /** Somebody else's, as soon as it has been looked where the database is. */
  @Test
  void aDatabaseThatMovesBetweenLookingAndActingIsLeftAsItIs() throws Exception {
    Files.createFile(home.resolve("move"));
    Files.writeString(
        home.resolve("migrations/env.py"),
        """

        import atexit, sqlite3

        def move():
            if os.path.exists("move"):
                os.remove("move")
                with sqlite3.connect("app.db") as other:
                    other.execute("UPDATE alembic_version SET version_num = '0001'")

        atexit.register(move)
        """,
        StandardOpenOption.APPEND);

    ActionException failed = fails("downgrade", "'to': 'base'");

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().contains("is at 0001 now, which is not where it was a moment ago"),
        failed::getMessage);
    assertEquals("[id, note, status]", columns().toString());
    assertEquals("[]", left());
  }

  @Test
  void aStampUnderApprovalChangesTheVersionAndNothingElseAlsoFromOneWithoutAFile()
      throws Exception {
    sql("UPDATE alembic_version SET version_num = '0077'");

    assertTrue(
        fails("stamp", "'to': '0001'").getMessage().contains("when people have agreed"),
        "without approval");
    assertEquals("0077", sql("SELECT version_num FROM alembic_version"));
    context.approvedBy("ada");
    assertTrue(
        fails("stamp", "'to': '0001'").getMessage().contains("Can't locate revision"),
        "without purge");
    JsonNode output = run("stamp", "'to': '0001', 'purge': true");

    assertEquals("[\"0077\"]", output.get("before").toString());
    assertEquals("[\"0001\"]", output.get("after").toString());
    assertEquals("[id, note, status]", columns().toString());
  }

  private JsonNode run(String verb, String more) throws Exception {
    return Catalog.run("alembic." + verb, input(more), context);
  }

  private ActionException fails(String verb, String more) {
    return assertThrows(ActionException.class, () -> run(verb, more));
  }

  private String input(String more) {
    return "{'directory': '"
        + home
        + "', 'python': '"
        + AlembicSite.PYTHON
        + "'"
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }

  /** What stands beside the database. */
  private String left() throws Exception {
    try (var files = Files.list(home)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("app.db."))
          .sorted()
          .toList()
          .toString();
    }
  }

  private List<String> columns() throws Exception {
    return columns(home + "/app.db");
  }

  private static List<String> columns(String database) throws Exception {
    List<String> columns = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT name FROM pragma_table_info('orders')")) {
      while (rows.next()) {
        columns.add(rows.getString(1));
      }
    }
    return columns;
  }

  private String sql(String text) throws Exception {
    return sql(home.resolve("app.db"), text);
  }

  private static String sql(Path database, String text) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      if (!statement.execute(text)) {
        return "";
      }
      return statement.getResultSet().getString(1);
    }
  }
}
