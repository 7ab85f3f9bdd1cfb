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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real project's files and its database say, asked by its own Python. */
@RequiresProgram("alembic")
final class InspectRevisionsTest {
  private final PlainContext context = new PlainContext();
  private static Path upgraded;
  @TempDir private Path home;
  private AlembicSite site;

  @BeforeAll
  static void upgradeOnce(@TempDir Path once) throws Exception {
    AlembicSite.in(once, "sqlite:///app.db").shop().alembic("upgrade", "head");
    upgraded = once.resolve("app.db");
  }

  @BeforeEach
  void layOut() throws Exception {
    site = AlembicSite.in(home, "sqlite:///app.db").shop();
    Files.copy(upgraded, home.resolve("app.db"));
  }

  @Test
  void currentSaysWhereTheDatabaseIsAndWhereTheFilesEnd() throws Exception {
    site.revision("0003", "'0002'", "more", "op.create_table('more')", "op.drop_table('more')");

    JsonNode current = run("current", "");

    assertAll(
        () -> assertEquals("0002", current.get("revision").asText()),
        () -> assertEquals("[\"0003\"]", current.get("heads").toString()),
        () -> assertFalse(current.get("atHead").asBoolean()),
        () -> assertEquals("[]", current.get("unknown").toString()),
        () -> assertEquals(home + "/app.db", current.get("database").asText()));
  }

  @Test
  void aRevisionOfTheDatabaseWithoutAFileIsNamed() throws Exception {
    Files.delete(site.version("0002"));

    assertEquals("[\"0002\"]", run("current", "").get("unknown").toString());
    ActionException failed = fails("inspect", "");
    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().contains("is at 0002, and there is no such revision among the files"),
        failed::getMessage);
    assertTrue(failed.getMessage().contains("run it from the release that brought"));
  }

  @Test
  void historyListsTheRevisionsNewestFirstWithoutADatabase() throws Exception {
    Files.delete(home.resolve("app.db"));

    JsonNode history = run("history", "");

    assertEquals("[\"0002\"]", history.get("heads").toString());
    assertEquals("0002", history.get("revisions").get(0).get("revision").asText());
    assertEquals("create the orders", history.get("revisions").get(1).get("doc").asText());
    assertFalse(Files.exists(home.resolve("app.db")));
  }

  @Test
  void aRevisionIsAdditiveBreakingOrUnknownByWhatItsSourceCalls() throws Exception {
    Map<String, List<String>> upgrades =
        Map.of(
            "additive",
            List.of(
                "op.create_table('new', sa.Column('id', sa.Integer))",
                "op.add_column('orders', sa.Column('a', sa.String(9), nullable=False, server_default='x'))",
                "op.create_index('i', 'orders', ['note'])",
                "op.create_table('new', sa.Column('id', sa.Integer)); op.create_unique_constraint('u', 'new', ['id'])",
                "op.execute('CREATE INDEX i ON orders (note)')",
                "pass"),
            "breaking",
            List.of(
                "op.add_column('orders', sa.Column('a', sa.String(9), nullable=False))",
                "op.create_index('i', 'orders', ['note'], unique=True)",
                "op.drop_column('orders', 'note')",
                "op.rename_table('orders', 'purchases')",
                "op.execute('CREATE INDEX i ON orders (note)'); op.alter_column('orders', 'note', nullable=False)",
                "[op.drop_table(t) for t in ('orders',)]"),
            "unknown",
            List.of(
                "op.execute('UPDATE orders SET note = NULL')",
                "sa.create_engine('sqlite://')",
                "op.add_column('orders', COLUMN)"));

    assertEach(upgrades, "change", upgrade -> upgrade, upgrade -> "op.drop_table('x')");
  }

  @Test
  void aDowngradeIsToldToBeEmptyRaisingOrReal() throws Exception {
    Map<String, List<String>> downgrades =
        Map.of(
            "empty",
            List.of("pass", "'nothing to do'", "print('nothing'); return None", "if True: pass"),
            "raises",
            List.of(
                "raise NotImplementedError('one way')",
                "op.drop_table('x'); raise RuntimeError('one way')"),
            "real",
            List.of(
                "op.drop_table('x')", "if op.get_context().as_sql: raise RuntimeError('not so')"));

    JsonNode output =
        assertEach(
            downgrades, "downgrade", downgrade -> "op.create_table('x')", downgrade -> downgrade);

    assertFalse(output.get("downgradable").asBoolean());
  }

  /** A revision for each of the bodies, all asked about at once. */
  private JsonNode assertEach(
      Map<String, List<String>> bodies,
      String field,
      UnaryOperator<String> upgrade,
      UnaryOperator<String> downgrade)
      throws Exception {
    Map<String, String> expected = new HashMap<>();
    String down = "'0002'";
    for (Map.Entry<String, List<String>> group : bodies.entrySet()) {
      for (String body : group.getValue()) {
        String id = "r" + expected.size();
        site.revision(
            id, down, body.replace('"', '\''), upgrade.apply(body), downgrade.apply(body));
        expected.put(id, group.getKey());
        down = "'" + id + "'";
      }
    }
    JsonNode output = run("inspect", "'to': '0002'", "stamp", "head");
    assertEquals(expected.size(), output.get("revisions").size());
    for (JsonNode each : output.get("revisions")) {
      assertEquals(
          expected.get(each.get("revision").asText()), each.get(field).asText(), each::toString);
    }
    return output;
  }

  @Test
  void aDowngradeThatIsNotThereOrStandsElsewhereIsToldApart() throws Exception {
    Files.writeString(home.resolve("elsewhere.py"), "def downgrade():\n    pass\n");
    site.file("0003", "'0002'", "it", "def upgrade():\n    op.create_table('x')\n")
        .file(
            "0004",
            "'0003'",
            "it",
            "from elsewhere import downgrade\ndef upgrade():\n    op.create_table('y')\n")
        .alembic("stamp", "0002");

    JsonNode output = run("inspect", "'to': '0002'", "stamp", "head");

    assertEquals("unseen", output.get("revisions").get(0).get("downgrade").asText());
    assertEquals("missing", output.get("revisions").get(1).get("downgrade").asText());
  }

  @Test
  void whatADowngradeThrowsAwayIsNamedAndThePreviewShowsIt() throws Exception {
    JsonNode output = run("inspect", "'to': 'base'");

    assertEquals(
        "[\"the column orders.status\",\"the table orders\"]", output.get("losses").toString());
    assertEquals("[]", output.get("after").toString());
    JsonNode preview = Catalog.preview("alembic.inspect", input("'to': 'base'"), context);
    assertTrue(preview.toString().contains("0002\\ta status for orders\\tadditive\\treal"));
  }

  @Test
  void twoHeadsAreNamedAndAWordThatMeansOneOfThemIsRefused() throws Exception {
    site.revision("0003", "'0002'", "one", "pass", "pass")
        .revision("0003b", "'0002'", "the other", "pass", "pass");

    assertEquals("[\"0003\",\"0003b\"]", run("current", "").get("heads").toString());
    ActionException failed =
        assertThrows(
            ActionException.class, () -> Catalog.run("alembic.upgrade", input(""), context));
    assertTrue(failed.getMessage().contains("Multiple head revisions"), failed::getMessage);
    assertEquals("0002", run("current", "").get("revision").asText());
  }

  @Test
  void aMissingRevisionFileIsNamedWithTheFileThatComesAfterIt() throws Exception {
    Files.delete(site.version("0001"));

    ActionException failed = fails("current", "");

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().contains("There is no file for the revision '0001'")
            && failed.getMessage().contains("0002.py comes after"),
        failed::getMessage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0042", "-7"})
  void aRevisionThatIsNotThereIsSaidSo(String to) {
    ActionException failed = fails("inspect", "'to': '" + to + "'");

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().contains("Alembic can't find its way"), failed::getMessage);
    assertTrue(failed.getMessage().contains("Nothing was changed"), failed::getMessage);
  }

  @Test
  void aPythonWithoutAlembicAndADirectoryWithoutConfigurationAreSaidSo() throws Exception {
    Path bare = Files.createDirectories(home.resolve("bare/bin"));
    Files.writeString(
            bare.resolve("python3"), "#!/bin/sh\nexec " + AlembicSite.PYTHON + " -S \"$@\"\n")
        .toFile()
        .setExecutable(true);

    ActionException without =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "alembic.current",
                    "{'directory': '" + home + "', 'python': '" + bare + "/python3'}",
                    context));
    assertEquals(Kind.PERMANENT, without.kind());
    assertTrue(without.getMessage().startsWith("There is no Alembic on the worker"));

    ActionException config = fails("current", "'config': 'alembic.toml'");
    assertTrue(config.getMessage().contains("There is no alembic.toml in " + home));
  }

  @Test
  void whatIsNoPythonIsRefusedAndSoIsAVariableThatLoadsOtherCode() {
    assertEquals(Kind.INVALID_INPUT, fails("current", "'python': '/bin/sh'").kind());
    assertEquals(
        Kind.NOT_ALLOWED, fails("current", "'environment': {'PYTHONPATH': '/tmp'}").kind());
  }

  @Test
  void aDatabaseFileThatIsNotThereIsNotTakenForAnEmptyOne() throws Exception {
    Files.delete(home.resolve("app.db"));

    ActionException failed = fails("current", "");

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().contains("is empty, or was not there"), failed::getMessage);
  }

  private JsonNode run(String verb, String more) throws Exception {
    return Catalog.run("alembic." + verb, input(more), context);
  }

  private JsonNode run(String verb, String more, String... before) throws Exception {
    site.alembic(before);
    return run(verb, more);
  }

  private ActionException fails(String verb, String more) {
    return assertThrows(ActionException.class, () -> run(verb, more));
  }

  private String input(String more) {
    return "{'directory': '"
        + home
        + "'"
        + (more.contains("'python'") ? "" : ", 'python': '" + AlembicSite.PYTHON + "'")
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }
}
