package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.testing.KubernetesCluster;
import dev.backout.testing.LedgerDatabase;
import dev.backout.testing.PostgresServer;
import dev.backout.testing.RequiresKubernetes;
import dev.backout.testing.RequiresPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database of a payments service is put right, or restored, while what takes money in is
 * stopped: by the commands that people type, on a real PostgreSQL server and a real control plane.
 */
@RequiresKubernetes
@RequiresPostgres
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerDatabaseRunbooksTest {
  private static final Path PLANNED = Path.of("..", "runbooks", "planned");
  private static final Path FIX = PLANNED.resolve("ledger-fix.yaml");
  private static final Path RESTORE = PLANNED.resolve("database-restore.yaml");
  private static final String POLLER = "problemsolver-poller";
  private static final String WEBHOOK = "problemsolver-webhook";

  private KubernetesCluster cluster;
  private PostgresServer server;
  private OwnBackout backout;
  private Path root;
  private String namespace;
  private String ledger;
  private Path backups;

  @BeforeAll
  void ownBackout(
      KubernetesCluster sharedCluster, PostgresServer sharedServer, @TempDir Path directory)
      throws Exception {
    cluster = sharedCluster;
    server = sharedServer;
    root = directory.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root);
    backout.secret("ADMIN_DATABASE_URL", server.url("postgres"));
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @BeforeEach
  void aServiceOfItsOwn() throws Exception {
    namespace = cluster.namespace();
    cluster.deploy(namespace, POLLER, 2, "v1");
    cluster.deploy(namespace, WEBHOOK, 1, "v1");
    ledger = LedgerDatabase.in(server, 100);
    backups = Files.createDirectories(root.resolve("backups-of-" + ledger));
    backout.secret("DATABASE_URL", server.url(ledger));
  }

  /** An invoice was credited twice, and the ledger may only be added to. */
  private List<String> creditedTwice() {
    server.sql(
        ledger,
        "INSERT INTO ledger_entries (invoice_id, change_amount, note) SELECT id, amount, 'again' FROM invoices WHERE id = 7");
    return List.of(
        "backups=" + backups,
        "affected=select id, invoice_id, change_amount, note from ledger_entries where invoice_id = 7 order by id",
        "fix=insert into ledger_entries (invoice_id, change_amount, note) select id, -amount, ? from invoices where id = 7 returning id",
        "parameters=[\"credited twice, INC-7\"]");
  }

  @Test
  void aChangeIsMadeUnderTheEyesOfTwoWhoStandInTheAuditTable() throws Exception {
    List<String> inputs = new ArrayList<>(creditedTwice());
    inputs.add("rows=1");
    Said plan = backout.run(words("plan", FIX, inputs));
    assertTrue(plan.all().contains("credited twice, INC-7"), plan::toString);
    assertEquals("0", value(ledger, "SELECT count(*) FROM audit_log"));

    Running command = start(FIX, inputs);
    Waiting gate = backout.question(command, namespace);
    assertEquals("authorize", gate.step(), gate::question);
    assertAll(() -> assertEquals(0, replicas(POLLER)), () -> assertEquals(0, replicas(WEBHOOK)));
    approve("authorize", "ada");
    assertEquals("0", value(ledger, "SELECT count(*) FROM audit_log"), "one was enough");
    approve("authorize", "grace");
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertAll(
        () -> assertEquals("0.00", value(ledger, DIFFERENCE)),
        () ->
            assertEquals(
                "ada (authorize), grace (authorize)",
                value(ledger, "SELECT approved_by FROM audit_log")),
        () -> assertEquals(2, replicas(POLLER)),
        () -> assertEquals(1, replicas(WEBHOOK)),
        () ->
            assertTrue(
                backout.evidence("affected.json").contains("again"),
                backout.evidence("affected.json")),
        () -> assertEquals(2, dumps().size(), dumps()::toString));
    noPasswordAnywhere();
  }

  private static final String DIFFERENCE =
      "SELECT (SELECT sum(amount) FROM invoices WHERE credited_at IS NOT NULL) - (SELECT sum(change_amount) FROM ledger_entries)";

  @Test
  void aChangeOfMoreRowsThanSaidIsTakenBackAndAPersonLetsMoneyInAgain() throws Exception {
    List<String> inputs = new ArrayList<>(creditedTwice());
    inputs.add("rows=2");
    Running command = start(FIX, inputs);
    assertEquals("authorize", backout.question(command, namespace).step());
    approve("authorize", "ada");
    approve("authorize", "grace");

    Waiting failure = backout.question(command, namespace);

    assertEquals("fix", failure.step(), failure::question);
    assertTrue(failure.question().contains("concerns 1 rows, expected 2"), failure::question);
    assertEquals("0", value(ledger, "SELECT count(*) FROM audit_log"));
    Said decided = backout.run("undo", namespace, "fix", "--reason", "the statement is wrong");
    assertEquals(0, decided.exit(), decided::toString);
    assertEquals(5, command.said().exit());
    assertAll(() -> assertEquals(2, replicas(POLLER)), () -> assertEquals(1, replicas(WEBHOOK)));
  }

  @Test
  void aRestoredDatabaseTakesThePlaceOfTheLiveOneAfterAnAuditAndUndoBringsThatBack()
      throws Exception {
    dump();
    String oid = oid(ledger);
    server.sql(
        ledger,
        "ALTER TABLE invoices DROP COLUMN merchant; ALTER TABLE ledger_entries DISABLE TRIGGER append_only;"
            + " DELETE FROM ledger_entries WHERE id > 80;"
            + " INSERT INTO ledger_entries (invoice_id, change_amount) VALUES (1, 5), (2, 6)");
    Running command = start(RESTORE, restoration());

    Waiting audit = backout.question(command, namespace);
    assertEquals("audit", audit.step(), audit::question);
    assertTrue(audit.question().contains("not in it, are 2 ledger entries"), audit::question);
    assertAll(
        () -> assertEquals(2, replicas(POLLER), "stopped before the audit"),
        () -> assertEquals(oid, oid(ledger)));
    approve("audit", "ada");
    approve("audit", "grace");
    Said said = command.said();

    assertEquals(0, said.exit(), said::toString);
    assertAll(
        () -> assertEquals("90", value(ledger, "SELECT count(*) FROM ledger_entries")),
        () -> assertEquals("0.00", value(ledger, DIFFERENCE)),
        () -> assertEquals(oid, oid(ledger + "_former")),
        () -> assertEquals(2, replicas(POLLER)));

    Said undone =
        backout.run("undo", namespace, "--yes", "--reason", "the restored one lacks what we need");

    assertEquals(0, undone.exit(), undone::toString);
    assertAll(
        () -> assertEquals(oid, oid(ledger)),
        () -> assertEquals("82", value(ledger, "SELECT count(*) FROM ledger_entries")),
        () -> assertFalse(server.exists(ledger + "_restored")),
        () -> assertFalse(server.exists(ledger + "_former")),
        () -> assertEquals(2, replicas(POLLER)),
        () -> assertEquals(1, replicas(WEBHOOK)));
    noPasswordAnywhere();
  }

  @Test
  void aDumpWhoseTotalsDoNotAgreeIsNotPromotedAndUndoDropsWhatWasRestored() throws Exception {
    server.sql(ledger, "INSERT INTO ledger_entries (invoice_id, change_amount) VALUES (1, 99)");
    dump();
    String oid = oid(ledger);
    Running command = start(RESTORE, restoration());

    Waiting failure = backout.question(command, namespace);

    assertEquals("totals", failure.step(), failure::question);
    assertTrue(server.exists(ledger + "_restored"));
    Said decided = backout.run("undo", namespace, "totals", "--reason", "an older dump then");
    assertEquals(0, decided.exit(), decided::toString);
    assertEquals(5, command.said().exit());
    assertAll(
        () -> assertEquals(oid, oid(ledger)),
        () -> assertFalse(server.exists(ledger + "_restored")),
        () -> assertEquals(2, replicas(POLLER)));
  }

  private List<String> restoration() {
    return List.of(
        "live=" + ledger,
        "restored=" + ledger + "_restored",
        "keepAs=" + ledger + "_former",
        "backups=" + backups);
  }

  private void dump() throws Exception {
    Path runbook =
        Files.writeString(
            backups.resolve("dump.yaml"),
            """
            apiVersion: backout/v1
            kind: planned
            name: dump
            summary: Dump a database.
            target: dump-of-%s
            steps:
              - id: dump
                uses: postgres.dump
                with: { url: "secret:DATABASE_URL", directory: %s }
            """
                .formatted(ledger, backups));
    Said said = backout.run("run", runbook.toString(), "--yes");
    assertEquals(0, said.exit(), said::toString);
  }

  private List<String> words(String command, Path runbook, List<String> inputs) {
    List<String> words = new ArrayList<>(List.of(command, runbook.toString()));
    words.addAll(List.of("--input", "service=" + namespace, "--input", "ns=" + namespace));
    words.addAll(List.of("--input", "context=" + KubernetesCluster.CONTEXT));
    inputs.forEach(each -> words.addAll(List.of("--input", each)));
    return words;
  }

  private Running start(Path runbook, List<String> inputs) {
    List<String> words = words("run", runbook, inputs);
    words.add("--yes");
    return backout.start(words.toArray(String[]::new));
  }

  private void approve(String step, String who) throws Exception {
    Said said = backout.run("approve", namespace, step, "--as", who, "--comment", "seen by " + who);
    assertEquals(0, said.exit(), said::toString);
  }

  private int replicas(String name) {
    return cluster
        .client()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName(name)
        .get()
        .getSpec()
        .getReplicas();
  }

  private String value(String database, String query) {
    return server.value(database, query).orElse("");
  }

  private String oid(String database) {
    return value("postgres", "SELECT oid FROM pg_database WHERE datname = '" + database + "'");
  }

  private List<Path> dumps() throws Exception {
    try (Stream<Path> files = Files.list(backups)) {
      return files.toList();
    }
  }

  private void noPasswordAnywhere() throws Exception {
    try (Stream<Path> files = Files.walk(backout.state())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertFalse(
            OwnBackout.text(file).contains(PostgresServer.PASSWORD), "the password is in " + file);
      }
    }
    assertFalse(backout.screen().contains(PostgresServer.PASSWORD), "the password was shown");
  }
}
