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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A rollback of a real service is taken back, by the commands that a person types. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TakingBackTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: emergency
      name: there-and-back
      summary: Put Signal Harvester on SQLite, in a way that can be taken back.
      target: "${{ inputs.service }}"
      inputs:
        service: { type: string }
        home: { type: path }
        port: { type: int }
        program: { type: string }
        role: { type: string, default: api }
        postgres: { type: secret }
      preflight:
        - id: backup
          uses: sqlite.findBackup
          with: { directory: "${{ inputs.home }}/backups", maxAge: 24h }
      steps:
        - id: stop
          uses: process.stop
          with: { port: "${{ inputs.port }}", workingDirectory: "${{ inputs.home }}" }
          undo:
            uses: process.start
            with:
              command: ["${{ inputs.program }}", api]
              workingDirectory: "${{ inputs.home }}"
              port: "${{ inputs.port }}"
        - id: environment
          uses: dotenv.edit
          with:
            file: "${{ inputs.home }}/.env"
            unset: [DATABASE_URL]
            set: { HARVEST_DB_PATH: var/app.db }
          undo:
            uses: dotenv.edit
            with:
              file: "${{ outputs.file }}"
              unset: [HARVEST_DB_PATH]
              set: { DATABASE_URL: "${{ inputs.postgres }}" }
        - id: restore
          uses: sqlite.restore
          with:
            backup: "${{ steps.backup.outputs.path }}"
            database: "${{ inputs.home }}/var/app.db"
          undo:
            uses: sqlite.restore
            with:
              backup: "${{ outputs.?former.orValue('') }}"
              database: "${{ outputs.database }}"
              keepFormer: false
        - id: start
          uses: process.start
          with:
            command: ["${{ inputs.program }}", "${{ inputs.role }}"]
            workingDirectory: "${{ inputs.home }}"
            port: "${{ inputs.port }}"
            within: 10s
          undo:
            uses: process.stop
            with: { port: "${{ inputs.port }}", workingDirectory: "${{ inputs.home }}" }
      """;

  private Path root;
  private Path runbook;
  private OwnBackout backout;
  private HarvesterSite site;
  private int sites;

  @BeforeAll
  void ownBackout(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    runbook = Files.writeString(root.resolve("there-and-back.yaml"), RUNBOOK);
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root);
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @BeforeEach
  void layOut() throws Exception {
    sites++;
    site = HarvesterSite.layOut(root.resolve("a site " + sites), SiteSpec.withoutPostgres());
    backout.secret("DATABASE_URL_" + sites, site.databaseUrl());
    site.startService();
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  @Test
  void when_the_service_does_not_start_undo_restores_file_database_and_service() throws Exception {
    byte[] database = Files.readAllBytes(site.database());
    Running command = backout.start(words("run", "--yes", "--input", "role=nonsense"));
    Waiting failure = backout.question(command, target());
    assertEquals("start", failure.step(), failure::question);
    assertEquals(List.of("stop", "retry", "skip", "undo"), failure.choices());
    assertFalse(environment().contains("DATABASE_URL"), environment());
    assertTrue(site.get("/health").isEmpty(), "the service is stopped");

    Said status = backout.run("status", target());
    String lines = status.out().replaceAll("\\s+", " ");
    assertTrue(
        lines.contains(
            "`undo` takes back, in this order: restore (sqlite.restore) environment (dotenv.edit)"
                + " stop (process.start)"),
        status::toString);
    Said decided = backout.run("undo", target(), "start", "--reason", "it was the network");
    assertEquals(0, decided.exit(), decided::toString);
    Said said = command.said();
    assertEquals(5, said.exit(), said::toString);
    assertTrue(said.out().contains("Undone"), said::toString);
    assertTrue(said.out().contains("3 steps were taken back."), said::toString);
    assertAsBefore(database);
    Said history = backout.run("history", target());
    assertTrue(history.out().contains("What was done is taken back"), history::toString);
  }

  @Test
  void a_run_that_has_ended_is_taken_back_once_by_a_new_one_that_names_it() throws Exception {
    byte[] database = Files.readAllBytes(site.database());
    Said run = backout.run(words("run", "--yes"));
    assertEquals(0, run.exit(), run::toString);
    assertFalse(environment().contains("DATABASE_URL"), environment());

    Said unasked = backout.run("undo", target(), "--reason", "no terminal");
    assertEquals(2, unasked.exit(), unasked::toString);
    assertTrue(unasked.err().contains("--yes"), unasked::toString);
    Said undone = backout.run("undo", target(), "--yes", "--reason", "it was the network");
    assertEquals(0, undone.exit(), undone::toString);
    assertTrue(undone.out().contains("Take back run "), undone::toString);
    assertAsBefore(database);
    Said runs = backout.run("runs");
    String first = id(runs, 1);
    Said again = backout.run("undo", first, "--yes", "--reason", "once more");
    assertEquals(1, again.exit(), again::toString);
    assertTrue(again.err().contains("was taken back by run " + id(runs, 0)), again::toString);
    Said report = backout.run("postmortem", target(), "-o", root.resolve("report.html").toString());
    assertEquals(0, report.exit(), report::toString);
  }

  @Test
  void what_has_no_undo_is_named_and_refused_unless_the_rest_is_wanted() throws Exception {
    int from = RUNBOOK.indexOf("    undo:\n", RUNBOOK.indexOf("- id: environment"));
    String without =
        RUNBOOK.substring(0, from) + RUNBOOK.substring(RUNBOOK.indexOf("  - id: restore"));
    Files.writeString(runbook, without);
    try {
      Said shown =
          backout.run(
              "plan",
              "--undo",
              runbook.toString(),
              "--input",
              "service=x",
              "--input",
              "home=/x",
              "--input",
              "port=1",
              "--input",
              "program=/x/y",
              "--input",
              "postgres=secret:X");
      assertEquals(0, shown.exit(), shown::toString);
      assertTrue(
          shown.out().replaceAll("\\s+", " ").contains("environment has no undo, and would stay"),
          shown::toString);
      Said run = backout.run(words("run", "--yes"));
      assertEquals(0, run.exit(), run::toString);
      Said refused = backout.run("undo", target(), "--yes", "--reason", "all of it");
      assertEquals(1, refused.exit(), refused::toString);
      assertTrue(refused.err().contains("environment: Has no undo"), refused::toString);
      assertFalse(environment().contains("DATABASE_URL"), environment());
      Said partly = backout.run("undo", target(), "--yes", "--partial", "--reason", "the rest");
      assertEquals(0, partly.exit(), partly::toString);
      assertFalse(environment().contains("DATABASE_URL"), environment());
    } finally {
      Files.writeString(runbook, RUNBOOK);
    }
  }

  private static String id(Said runs, int row) {
    return runs.out().lines().skip(1 + row).findFirst().orElseThrow().strip().split("\\s+")[0];
  }

  private void assertAsBefore(byte[] database) throws Exception {
    assertAll(
        () ->
            assertTrue(environment().contains("DATABASE_URL=" + site.databaseUrl()), environment()),
        () -> assertFalse(environment().contains("HARVEST_DB_PATH"), environment()),
        () ->
            assertEquals(
                Fingerprint.sha256(database),
                Fingerprint.sha256(Files.readAllBytes(site.database()))),
        () ->
            assertTrue(
                site.get("/health").orElse("no answer").contains("unavailable"),
                "the service is on PostgreSQL again, which isn't there"));
  }

  private String environment() throws Exception {
    return Files.readString(site.home().resolve(".env"));
  }

  private String target() {
    return "there-and-back-" + sites;
  }

  private String[] words(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, runbook.toString()));
    words.addAll(List.of("--input", "service=" + target()));
    words.addAll(List.of("--input", "home=" + site.home()));
    words.addAll(List.of("--input", "port=" + site.port()));
    words.addAll(List.of("--input", "program=" + site.program()));
    words.addAll(List.of("--input", "postgres=secret:DATABASE_URL_" + sites));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }
}
