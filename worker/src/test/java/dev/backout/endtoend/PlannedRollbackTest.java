package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.demo.HarvesterSite;
import dev.backout.demo.SiteSpec;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.AlembicSite;
import dev.backout.testing.KubernetesCluster;
import dev.backout.testing.RequiresKubernetes;
import dev.backout.testing.RequiresProgram;
import java.io.IOException;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The harvester goes back to SQLite with its data, while PostgreSQL answers; on a real service. */
@RequiresProgram("pg_dump")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlannedRollbackTest {
  private static final Path RUNBOOKS = Path.of("..", "runbooks");
  private static final Path PLANNED = RUNBOOKS.resolve("planned/postgres-to-sqlite.yaml");
  private static final Path WITH_SYNC =
      RUNBOOKS.resolve("emergency/postgres-to-sqlite-with-sync.yaml");
  private static final Path ABANDON = RUNBOOKS.resolve("emergency/abandon-migration.yaml");

  private static final String RANKS = "pragma_table_info('artifacts') where name = 'rank'";
  private static final String DATA_SOURCES =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: grafana-datasources }
      data:
        datasources.yaml: "apiVersion: 1\\ndatasources:\\n  - { name: PostgreSQL, type: postgres }\\n"
        other: stays
      """;

  private Path root;
  private OwnBackout backout;
  private HarvesterSite site;
  private int sites;

  @BeforeAll
  void ownBackout(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    backout =
        OwnBackout.in(
            Files.createDirectories(root.resolve("own")), root, "alembic", AlembicSite.PYTHON);
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @BeforeEach
  void layOut() throws Exception {
    sites++;
    site = HarvesterSite.layOut(root.resolve("site" + sites), SiteSpec.demo());
    backout.secret("DATABASE_URL_" + sites, site.databaseUrl());
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  @Test
  void whatIsWrittenUntilTheServiceStopsComesOver() throws Exception {
    harvestAllTheTime();
    site.startService();
    Running command = backout.start(words(PLANNED));
    assertEquals("authorize", backout.question(command, target()).step());
    assertEquals(0, decide("approve", "authorize", "--comment").exit());

    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    long last = inPostgres("select max(id) from artifacts");
    String report = postmortem();
    assertAll(
        () -> assertTrue(environment().contains("HARVEST_DB_PATH=var/app.db"), environment()),
        () -> assertFalse(environment().contains("DATABASE_URL"), environment()),
        () -> assertTrue(last > site.rowsInPostgres().artifacts(), "nothing was harvested"),
        () -> assertEquals(last, inSqlite("count(*)", "artifacts where id <= " + last)),
        () -> assertEquals(site.rowsInPostgres().topics(), inSqlite("count(*)", "topics")),
        () -> assertTrue(site.get("/health").orElse("").contains("ok")),
        () -> assertTrue(backout.run("status", target()).out().contains("RPO 0s: met")),
        () -> assertTrue(backout.run("history", target()).out().contains("RPO 0s met: 0.0s")),
        () -> assertTrue(report.contains(": no writes are lost"), report),
        () -> assertEquals(1, dumps()));
  }

  @Test
  @RequiresProgram("alembic")
  @RequiresKubernetes
  void theSchemaGoesBackAndGrafanaLooksAtSqliteAndAnUndoOfTheRunBringsBothBack(
      KubernetesCluster cluster) throws Exception {
    migrate(site.databaseUrl());
    migrate("sqlite:///var/app.db");
    String namespace = cluster.namespace();
    cluster.deploy(namespace, "grafana", 1, "v1");
    cluster.apply(namespace, DATA_SOURCES);
    site.startService();
    Running command =
        backout.start(
            words(
                PLANNED,
                "revision=0009",
                "python=" + AlembicSite.PYTHON,
                "grafanaContext=" + KubernetesCluster.CONTEXT,
                "grafanaNamespace=" + namespace));
    assertEquals("authorize", backout.question(command, target()).step());
    assertEquals(0, decide("approve", "authorize", "--comment").exit());
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertAll(
        () -> assertEquals(9, inSqlite("version_num", "alembic_version")),
        () -> assertEquals(0, inSqlite("count(*)", RANKS)),
        () -> assertEquals(site.rowsInPostgres().artifacts(), inSqlite("count(*)", "artifacts")),
        () -> assertTrue(site.get("/health").orElse("").contains("ok")),
        () -> assertTrue(dataSources(cluster, namespace).contains("path: var/app.db")),
        () -> assertTrue(grafana(cluster, namespace).contains("restarted-by")));

    Said undone = backout.run("undo", target(), "--yes", "--reason", "PostgreSQL was well");

    assertEquals(0, undone.exit(), undone::toString);
    assertAll(
        () -> assertEquals(10, inSqlite("version_num", "alembic_version")),
        () -> assertEquals(1, inSqlite("count(*)", RANKS)),
        () -> assertTrue(environment().contains("DATABASE_URL="), environment()),
        () -> assertTrue(site.get("/health").orElse("").contains("ok")),
        () -> assertTrue(dataSources(cluster, namespace).contains("name: PostgreSQL")),
        () -> assertTrue(grafana(cluster, namespace).contains("undo_grafana_before")),
        () ->
            assertTrue(
                undone.out().indexOf("Undo of Point Grafana at SQLite")
                    < undone.out().indexOf("Undo of Whether Grafana is well"),
                "its sources were not back before it was started anew"));
  }

  /** As the move to PostgreSQL did it: to a revision that the older release can't work with. */
  private void migrate(String url) throws Exception {
    AlembicSite.in(site.home(), url)
        .revision("0009", "None", "as SQLite was", "pass", "pass")
        .revision(
            "0010",
            "'0009'",
            "ranks",
            "op.add_column('artifacts', sa.Column('rank', sa.Integer))",
            "with op.batch_alter_table('artifacts') as batch:\n        batch.drop_column('rank')")
        .alembic("stamp", "0009")
        .alembic("upgrade", "head");
  }

  private static String dataSources(KubernetesCluster cluster, String namespace) {
    return cluster
        .client()
        .configMaps()
        .inNamespace(namespace)
        .withName("grafana-datasources")
        .get()
        .getData()
        .toString();
  }

  private static String grafana(KubernetesCluster cluster, String namespace) {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName("grafana")
        .get()
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .toString();
  }

  private String postmortem() throws Exception {
    Path report = root.resolve("report.md");
    Said said = backout.run("postmortem", target(), "-o", report.toString());
    assertEquals(0, said.exit(), said::toString);
    return Files.readString(report);
  }

  private void harvestAllTheTime() throws Exception {
    Path settings = site.home().resolve("config/settings.yaml");
    String text = Files.readString(settings);
    Files.writeString(settings, text.replaceFirst("everyMinutes: \\d+", "everySeconds: 0.1"));
  }

  @Test
  void withoutASyncTheLossIsReportedAndANoBringsEverythingBack() throws Exception {
    site.startService();
    Running command = backout.start(words(PLANNED, "sync=none"));
    assertEquals("authorize", backout.question(command, target()).step());
    assertEquals(0, decide("approve", "authorize", "--comment").exit());

    Waiting loss = backout.question(command, target());
    assertEquals("accept", loss.step(), loss::question);
    int lost = site.rowsLost().artifacts() + site.rowsLost().topics() + site.rowsLost().entities();
    assertTrue(
        loss.question().contains(lost + " rows of PostgreSQL will be missing"), loss::question);
    assertTrue(site.pid("api").isEmpty(), "the API runs while the loss is asked about");
    assertEquals(0, decide("reject", "accept", "--reason").exit());
    Said said = command.said();

    assertEquals(5, said.exit(), said::toString);
    assertAll(
        () ->
            assertTrue(
                backout.run("status", target(), "-o", "json").out().contains("\"UNDONE\""),
                said::toString),
        () -> assertTrue(environment().contains("DATABASE_URL="), environment()),
        () -> assertTrue(site.get("/health").orElse("").contains("ok")),
        () -> assertTrue(site.pid("daemon").isPresent(), "the scheduler doesn't run"));
  }

  @Test
  void whatBothSidesHaveIsBroughtTogetherByTheLaterChange() throws Exception {
    site.startService();
    long unused =
        inPostgres(
            "update artifacts set title = 'Changed in PostgreSQL', created_at = now() where id = 1");
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + site.database());
        Statement statement = sqlite.createStatement()) {
      statement.execute(
          "insert into artifacts (id, title, url, discovery_score, topic_id, created_at) values"
              + " (100000, 'Only in SQLite', 'https://example.org', 1, 1, '2999-01-01 00:00:00+00:00')");
    }
    Running command =
        backout.start(words(PLANNED, "sync=lastWrite", "migratedAt=2020-01-01T00:00:00Z"));
    assertEquals("authorize", backout.question(command, target()).step());
    assertEquals(0, decide("approve", "authorize", "--comment").exit());
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertEquals(1, inSqlite("count(*)", "artifacts where title = 'Changed in PostgreSQL'"));
    assertEquals(1, inSqlite("count(*)", "artifacts where title = 'Only in SQLite'"));
    assertEquals(site.rowsInPostgres().artifacts() + 1, inSqlite("count(*)", "artifacts"));
  }

  @Test
  void theEmergencyRollbackTakesOverWhatCameAfterTheBackup() throws Exception {
    site.startService();
    long unused = inPostgres("delete from entities where id = 1");
    Running command = backout.start(words(WITH_SYNC));
    assertEquals("authorize", backout.question(command, target()).step());
    assertEquals(0, decide("approve", "authorize", "--comment").exit());
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertEquals(site.rowsInPostgres().artifacts(), inSqlite("count(*)", "artifacts"));
    assertEquals(site.rowsInPostgres().entities() - 1, inSqlite("count(*)", "entities"));
  }

  @Test
  void whereNothingCanBeCopiedAPersonGoesOnWithTheBackup() throws Exception {
    site.startService();
    long unused = inPostgres("alter table artifacts add column added_later text");
    Running command = backout.start(words(WITH_SYNC));
    assertEquals("authorize", backout.question(command, target()).step());
    assertEquals(0, decide("approve", "authorize", "--comment").exit());

    Waiting failure = backout.question(command, target());
    assertEquals("sync", failure.step(), failure::question);
    assertTrue(failure.question().contains("added_later"), failure::question);
    assertEquals(0, decide("skip", "sync", "--reason").exit());
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertEquals(site.rowsInBackup().artifacts(), inSqlite("count(*)", "artifacts"));
  }

  @Test
  void aServiceThatIsOnPostgresHasNoMigrationToAbandon() throws Exception {
    site.startService();
    Said said = backout.run(words(ABANDON));

    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.all().contains("DATABASE_URL is there"), said::toString);
  }

  @Test
  void aMigrationThatFailedIsSetAsideOnceSomebodyApprovesAndUndoBringsItBack() throws Exception {
    Path env = site.home().resolve(".env");
    Files.writeString(
        env, environment().replaceAll("DATABASE_URL=.*", "HARVEST_DB_PATH=var/app.db"));
    backout.secret(
        "DATABASE_URL_" + sites,
        site.databaseUrl().replaceFirst("//harvester:[^@]*@", "//postgres:any@"));
    long unused = inPostgres("delete from entities");
    site.startService();

    Running command = backout.start(words(ABANDON));
    Waiting clean = backout.question(command, target());
    assertEquals("clean", clean.step());
    assertTrue(clean.question().contains("PostgreSQL lacks "), clean::question);
    assertEquals(0, decide("approve", "clean", "--comment").exit());
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertEquals(0, inPostgres("select count(*) from pg_tables where schemaname = 'public'"));
    assertTrue(site.get("/health").orElse("").contains("ok"));

    Said undone =
        backout.run("undo", target(), "--partial", "--yes", "--reason", "it can be mended");
    assertEquals(0, undone.exit(), undone::toString);
    assertEquals(
        site.rowsInPostgres().artifacts(), inPostgres("select count(*) from public.artifacts"));
  }

  private String[] words(Path runbook, String... more) {
    List<String> words = new ArrayList<>(List.of("run", runbook.toString(), "--yes"));
    List<String> inputs =
        new ArrayList<>(
            List.of(
                "service=" + target(),
                "home=" + site.home(),
                "baseUrl=" + site.baseUrl(),
                "postgres=secret:DATABASE_URL_" + sites));
    if (!runbook.equals(ABANDON)) {
      inputs.addAll(
          List.of(
              "port=" + site.port(),
              "api=" + site.program() + ",api",
              "scheduler=" + site.program() + ",daemon"));
    }
    inputs.addAll(List.of(more));
    inputs.forEach(input -> words.addAll(List.of("--input", input)));
    return words.toArray(String[]::new);
  }

  private String target() {
    return "harvester" + sites;
  }

  private Said decide(String choice, String step, String why) throws Exception {
    return backout.run(choice, target(), step, why, "by the test");
  }

  /** The first value, where it gives any. */
  private long inPostgres(String sql) throws SQLException {
    String url =
        site.databaseUrl()
            .replaceFirst(
                "^postgresql://([^:]+):([^@]+)@(.*)$", "jdbc:postgresql://$3?user=$1&password=$2");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      return statement.execute(sql) ? first(statement.getResultSet()) : 0;
    }
  }

  private static long first(ResultSet result) throws SQLException {
    result.next();
    return result.getLong(1);
  }

  private long inSqlite(String what, String from) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + site.database());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select " + what + " from " + from)) {
      return first(result);
    }
  }

  private String environment() throws IOException {
    return Files.readString(site.home().resolve(".env"));
  }

  private long dumps() throws IOException {
    try (var files = Files.list(site.home().resolve("backups"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("postgres_final.*\\.dump"))
          .count();
    }
  }
}
