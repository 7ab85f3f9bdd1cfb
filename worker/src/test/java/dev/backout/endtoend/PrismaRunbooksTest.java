package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.ComposeSite;
import dev.backout.testing.DockerEngine;
import dev.backout.testing.PrismaSite;
import dev.backout.testing.RequiresDocker;
import dev.backout.testing.RequiresProgram;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release with Prisma migrations, by the commands that a person types: run in a container of the
 * project, before the workers start.
 */
@RequiresDocker
@RequiresProgram({"prisma", "node"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrismaRunbooksTest {
  private static final Path MIGRATE = Path.of("..", "runbooks", "planned", "prisma-migrate.yaml");
  private static final Path RESOLVE = Path.of("..", "runbooks", "planned", "prisma-resolve.yaml");
  private static final String PASSWORD = "pass-word-of-finance";
  private static final String BILLS = "20260301000000_bills";

  /** This machine's own Node and Prisma, on its own network, in a container. */
  private static final String SERVICE =
      String.join(
          "\n",
          "  migrate:",
          "    image: ${REGISTRY}/api:${IMAGE_TAG:?}",
          "    network_mode: host",
          "    working_dir: /app",
          "    environment: { PATH: '/usr/bin:/bin', DATABASE_URL: '${DATABASE_URL:?}' }",
          "    profiles: [tools]",
          "    volumes: ['./app:/app', '%1$s:%1$s:ro', '/usr:/usr:ro', '/lib:/lib:ro', '/lib64:/lib64:ro']",
          "");

  private EmbeddedPostgres postgres;
  private DockerEngine engine;
  private OwnBackout backout;
  private Path root;
  private ComposeSite site;
  private PrismaSite project;
  private String target;
  private int sites;

  @BeforeAll
  void prepare(DockerEngine shared, @TempDir Path directory) throws Exception {
    engine = shared;
    root = directory.toRealPath();
    postgres = EmbeddedPostgres.builder().start();
    engine.publish("finance");
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root, "prisma");
  }

  @AfterAll
  void end() throws Exception {
    backout.close();
    postgres.close();
  }

  @BeforeEach
  void layOut() throws Exception {
    sql("DROP TABLE IF EXISTS orders, bills, _prisma_migrations");
    sites++;
    target = "finance-" + sites;
    site = ComposeSite.layOut(engine, root.resolve(target), "finance");
    project = PrismaSite.in(site.home().resolve("app")).shop();
    Files.writeString(
        site.home().resolve("compose.yaml"),
        SERVICE.formatted(program().getParent()),
        StandardOpenOption.APPEND);
    Files.writeString(
        site.home().resolve(".env"),
        "DATABASE_URL=postgresql://postgres:"
            + PASSWORD
            + "@127.0.0.1:"
            + postgres.getPort()
            + "/postgres\n",
        StandardOpenOption.APPEND);
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  @Test
  void theMigrationsAreRunBeforeTheWorkersStart() throws Exception {
    Said said = start(MIGRATE).said();

    assertEquals(0, said.exit(), said::toString);
    assertAll(
        () -> assertEquals("2", sql("SELECT count(*) FROM _prisma_migrations")),
        () -> assertTrue(site.get("/healthz").startsWith("200"), site.get("/healthz")),
        () -> assertFalse(backout.screen().contains(PASSWORD), "a password was shown"));
  }

  @Test
  void whatCanNotBeTakenBackIsApprovedFirst() throws Exception {
    project.migration(BILLS, "ALTER TABLE orders DROP COLUMN note;");

    Running command = start(MIGRATE);
    Waiting asked = backout.question(command, target);

    assertEquals("authorize", asked.step(), asked::question);
    assertTrue(asked.question().contains("DROP COLUMN note"), asked::question);
    assertEquals("0", sql("SELECT count(*) FROM pg_class WHERE relname = 'orders'"));
    assertEquals(0, backout.run("reject", target, "authorize", "--reason", "not now").exit());
    assertEquals(5, command.said().exit());
    assertEquals("", site.container("api"));
  }

  @Test
  void oneThatFailsHalfWayWaitsUntilItIsMarkedUnderApprovalAndThenGoesOn() throws Exception {
    project.migration(
        PrismaSite.SECOND,
        "BEGIN; ALTER TABLE orders ADD COLUMN status TEXT; COMMIT; UPDATE orders SET colour = 'red';");
    project.migration(BILLS, "CREATE TABLE bills (id INTEGER);");
    Running command = start(MIGRATE);

    Waiting failure = backout.question(command, target);
    assertEquals("deploy", failure.step(), failure::question);
    assertTrue(
        failure.question().contains("The migration " + PrismaSite.SECOND + " failed"),
        () -> history());
    assertEquals("", site.container("api"), "a worker runs on half a schema");
    sql("ALTER TABLE orders ADD COLUMN colour TEXT");

    Running marking = start(RESOLVE, "--input", "markAs=applied");
    Waiting agree = backout.question(marking, target + "-migrations");
    assertTrue(agree.question().contains(PrismaSite.SECOND + " has failed"), agree::question);
    assertEquals(
        0, backout.run("approve", target + "-migrations", "agree", "--comment", "seen").exit());
    Said marked = marking.said();
    assertEquals(0, marked.exit(), marked::toString);
    Said retried = backout.run("retry", target, "deploy", "--reason", "completed by hand");
    assertEquals(0, retried.exit(), retried::toString);

    assertEquals(0, command.said().exit(), () -> backout.status(target));
    assertAll(
        () -> assertEquals("0", sql("SELECT count(*) FROM bills")),
        () -> assertTrue(site.get("/healthz").startsWith("200"), site.get("/healthz")));
  }

  private String history() {
    try {
      return backout.run("history", target).toString() + backout.status(target);
    } catch (Exception e) {
      return e.toString();
    }
  }

  private Running start(Path runbook, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("run", runbook.toString(), "--yes"));
    List<String> inputs =
        new ArrayList<>(List.of("service=" + target, "home=" + site.home(), "prisma=" + program()));
    if (runbook.equals(MIGRATE)) {
      inputs.add("baseUrl=" + site.baseUrl());
    }
    inputs.forEach(each -> words.addAll(List.of("--input", each)));
    words.addAll(List.of(more));
    return backout.start(words.toArray(String[]::new));
  }

  private static Path program() throws Exception {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, "prisma"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow()
        .toRealPath();
  }

  private String sql(String text) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
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
