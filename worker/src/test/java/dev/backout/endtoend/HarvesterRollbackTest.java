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
import dev.backout.testing.RequiresProgram;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The harvester's emergency rollback, by the commands that a person types, on a real service. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HarvesterRollbackTest {
  private static final Path RUNBOOK =
      Path.of("..", "runbooks", "emergency", "postgres-to-sqlite.yaml");
  private static final long ROOM_FOR_LOGS = 48 * 1024;

  private Path root;
  private OwnBackout backout;
  private HarvesterSite site;
  private int sites;

  @BeforeAll
  void ownBackout(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
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
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  @Test
  void theServiceComesBackOnTheNewestGoodBackupAndTheFormerDatabaseIsKept() throws Exception {
    site.startService();
    Said said = approved(run());
    assertEquals(0, said.exit(), said::toString);
    assertBack(site.rowsInBackup().artifacts());
    assertAll(
        () -> assertTrue(environment().contains("HARVEST_DB_PATH=var/app.db"), environment()),
        () -> assertFalse(environment().contains("DATABASE_URL"), environment()),
        () -> assertTrue(environment().contains("LOG_LEVEL=info   # debug is loud"), environment()),
        () -> assertTrue(settings().contains("url: sqlite:///var/app.db"), settings()),
        () ->
            assertTrue(settings().contains("enabled: false       # SQLite wants none"), settings()),
        () -> assertEquals(1, filesLike("app.db.before-"), "former databases kept"));
  }

  @Test
  void withCorruptionSuspectedTheBackupIsCheckedPageByPageToo() throws Exception {
    site.startService();
    Said said = approved(run("--input", "corruption=true"));
    assertEquals(0, said.exit(), said::toString);
    assertBack(site.rowsInBackup().artifacts());
  }

  @Test
  void withoutAnyBackupNothingIsTouched() throws Exception {
    site.startService();
    for (Path backup : List.of(site.goodBackup(), site.olderBackup(), site.brokenBackup())) {
      Files.delete(backup);
    }
    assertRefusedUntouched("There is no backup in");
  }

  @Test
  void withOnlyCorruptBackupsNothingIsTouchedAndEachIsNamed() throws Exception {
    site.startService();
    Files.delete(site.goodBackup());
    Files.delete(site.olderBackup());
    assertRefusedUntouched(site.brokenBackup().getFileName().toString());
  }

  @Test
  void aBackupThatIsTooOldIsNotTakenInSilence() throws Exception {
    site.startService();
    Files.delete(site.goodBackup());
    Files.setLastModifiedTime(
        site.olderBackup(), FileTime.from(Instant.now().minus(Duration.ofHours(30))));
    assertRefusedUntouched("too old");
  }

  @Test
  void whenTheRecentBackupIsGoneTheOlderOneIsOfferedAndTheLossIsStated() throws Exception {
    site.startService();
    Files.delete(site.goodBackup());
    Running command = run();
    Waiting gate = backout.question(command, target());
    assertTrue(
        gate.question().contains(site.olderBackup().getFileName().toString()), gate::question);
    decide("approve", gate.step(), "--comment");
    Said said = command.said();
    assertEquals(0, said.exit(), said::toString);
    assertBack(site.rowsInOlderBackup().artifacts());
  }

  @Test
  void aDatabaseThatAnotherProcessHoldsOpenIsLeftAloneUntilItIsFree() throws Exception {
    site.startService();
    String before = Fingerprint.sha256(Files.readAllBytes(site.database()));
    Process holder = holdOpen(site.database());
    try {
      Running command = run();
      approve(command);
      Waiting failure = backout.question(command, target());
      assertEquals("restore", failure.step());
      assertTrue(failure.question().contains(String.valueOf(holder.pid())), failure::question);
      assertEquals(before, Fingerprint.sha256(Files.readAllBytes(site.database())));
      holder.destroy();
      holder.waitFor();
      decide("retry", "restore", "--reason");
      Said said = command.said();
      assertEquals(0, said.exit(), said::toString);
      assertBack(site.rowsInBackup().artifacts());
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void aServiceThatIgnoresTermIsKilledInTheEnd() throws Exception {
    site.startService("--ignore-term");
    Said said = approved(run());
    assertEquals(0, said.exit(), said::toString);
    assertBack(site.rowsInBackup().artifacts());
  }

  @Test
  void aStrangerOnThePortIsNamedAndNotKilled() throws Exception {
    Running command;
    try (ServerSocket stranger =
        new ServerSocket(site.port(), 1, InetAddress.getLoopbackAddress())) {
      command = run();
      approve(command);
      Waiting failure = backout.question(command, target());
      assertEquals("stop_api", failure.step());
      assertTrue(
          failure.question().contains("Port " + site.port() + " is held by a stranger: "),
          failure::question);
      assertTrue(
          failure.question().contains(String.valueOf(ProcessHandle.current().pid())),
          failure::question);
      assertFalse(stranger.isClosed());
      decide("stop", failure.step(), "--reason");
      Said said = command.said();
      assertEquals(5, said.exit(), said::toString);
    }
    assertTrue(environment().contains("DATABASE_URL="), "nothing after the failed step was done");
  }

  @Test
  void aMissingEnvironmentFileStopsTheRunBeforeTheDatabaseIsTouched() throws Exception {
    String before = Fingerprint.sha256(Files.readAllBytes(site.database()));
    Files.delete(site.home().resolve(".env"));
    Waiting failure = failsAt("environment");
    assertTrue(failure.question().contains(".env"), failure::question);
    assertEquals(before, Fingerprint.sha256(Files.readAllBytes(site.database())));
  }

  @Test
  void anEnvironmentFileThatIsNoTextIsNotRewritten() throws Exception {
    Path file = site.home().resolve(".env");
    Files.write(
        file, "# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1), StandardOpenOption.APPEND);
    byte[] before = Files.readAllBytes(file);
    Waiting failure = failsAt("environment");
    assertTrue(failure.question().contains("UTF-8"), failure::question);
    assertEquals(Fingerprint.sha256(before), Fingerprint.sha256(Files.readAllBytes(file)));
  }

  @Test
  void aDirectoryThatIsMissingIsNamed() throws Exception {
    Path missing = root.resolve("nowhere");
    Said said = backout.run(words("plan", missing));
    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.all().contains(missing.toString()), said::toString);
  }

  @Test
  void thePlanChangesNothing() throws Exception {
    site.startService();
    Map<String, String> files = Fingerprint.of(site.home(), "logs");
    List<Long> processes = processes();
    Said said = backout.run(words("plan", site.home()));
    assertAll(
        () -> assertEquals(0, said.exit(), said::toString),
        () -> assertEquals(files, Fingerprint.of(site.home(), "logs")),
        () -> assertEquals(2, processes.size()),
        () -> assertEquals(processes, processes()),
        () ->
            assertTrue(said.out().contains(site.goodBackup().getFileName().toString()), said::out),
        () ->
            assertTrue(said.out().contains("-DATABASE_URL=postgresql://harvester:***@"), said::out),
        () -> assertTrue(said.out().contains("+HARVEST_DB_PATH=var/app.db"), said::out));
  }

  @Test
  void aRunThatIsStoppedWhileTheDatabaseIsHeldOpenLeavesItAsItWas() throws Exception {
    site.startService();
    Path database = site.database();
    String before = Fingerprint.sha256(Files.readAllBytes(database));
    Process holder = holdOpen(database);
    try {
      Running command = run();
      approve(command);
      assertEquals("restore", backout.question(command, target()).step());
      decide("stop", "restore", "--reason");
      Said said = command.said();
      assertAll(
          () -> assertEquals(5, said.exit(), said::toString),
          () -> assertEquals(before, Fingerprint.sha256(Files.readAllBytes(database))),
          () -> assertEquals(List.of("app.db"), databases()),
          () -> assertTrue(holder.isAlive(), "the holder was killed"));
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void aSecondRunOfAHeldTargetIsRefusedAndTheFirstGoesOn() throws Exception {
    site.startService();
    Running first = run();
    backout.question(first, target());
    Said second = backout.run(words("run", site.home(), "--yes"));
    assertAll(
        () -> assertEquals(7, second.exit(), second::toString),
        () -> assertTrue(second.err().contains(target() + " is held by run"), second::toString),
        () -> assertTrue(first.isRunning(), "the first run's command has ended"));
    assertEquals(0, approved(first).exit());
  }

  @Test
  void aRunThatNobodyKnowsIsNamed() throws Exception {
    Said said = backout.run("approve", "no-such-target", "authorize");
    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.err().contains("\"no-such-target\""), said::toString);
  }

  @Test
  void aDecisionOnAStepThatIsNotThereIsRefusedAndTheRunStillWaits() throws Exception {
    site.startService();
    Running command = run();
    backout.question(command, target());
    Said said = backout.run("approve", target(), "autorize");
    assertEquals(1, said.exit(), said::toString);
    assertTrue(
        said.err()
            .contains(
                "Not taken: There is no step `autorize` in this run. `authorize` waits for"
                    + " `reject` or `approve`."),
        said::toString);
    assertEquals("authorize", backout.question(command, target()).step());
    decide("reject", "authorize", "--reason");
    assertEquals(5, command.said().exit());
  }

  @Test
  void aRejectedRunTouchesNothing() throws Exception {
    site.startService();
    Map<String, String> before = Fingerprint.of(site.home(), "logs");
    List<Long> processes = processes();
    Running command = run();
    backout.question(command, target());
    decide("reject", "authorize", "--reason");
    Said said = command.said();
    assertAll(
        () -> assertEquals(5, said.exit(), said::toString),
        () -> assertEquals(before, Fingerprint.of(site.home(), "logs")),
        () -> assertEquals(processes, processes()));
  }

  @Test
  void aDecisionThatIsTakenTwiceOrAfterTheEndIsRefused() throws Exception {
    site.startService();
    Running command = run();
    approve(command);
    Said again = backout.run("reject", target(), "authorize", "--reason", "too late");
    assertEquals(1, again.exit(), again::toString);
    assertTrue(again.err().contains("Not taken: "), again::toString);
    assertTrue(again.err().contains("`authorize` waits for nobody"), again::toString);
    Said ended = approvedAlready(command);
    assertEquals(0, ended.exit(), ended::toString);
    Said after = backout.run("approve", target(), "authorize");
    assertEquals(1, after.exit(), after::toString);
    assertTrue(after.err().contains("has ended (succeeded)"), after::toString);
    assertBack(site.rowsInBackup().artifacts());
  }

  @Test
  void aPlanThatNoLongerHoldsIsNotRun() throws Exception {
    site.startService();
    Path plan = root.resolve("plan " + sites + ".json");
    List<String> words = new ArrayList<>(words("plan", site.home()));
    words.addAll(List.of("-O", plan.toString()));
    assertEquals(0, backout.run(words).exit());
    Files.delete(site.goodBackup());
    Map<String, String> before = Fingerprint.of(site.home(), "logs");
    Said said = backout.run("run", plan.toString(), "--yes");
    assertEquals(1, said.exit(), said::toString);
    assertTrue(
        said.err().contains("the preflight no longer gives what the saved plan showed"),
        said::toString);
    assertEquals(before, Fingerprint.of(site.home(), "logs"));
  }

  @Test
  void aServiceThatAnswersButIsNotWellIsShownToAPersonWithWhatItSaid() throws Exception {
    Path settings = site.home().resolve("config/settings.yaml");
    Files.writeString(
        settings, Files.readString(settings).replace("maintenance: false", "maintenance: true"));
    site.startService();
    Running command = run("--input", "healthWithin=1s");
    approve(command);
    Waiting failure = backout.question(command, target());
    assertAll(
        () -> assertEquals("validate/health", failure.step()),
        () -> assertTrue(failure.question().contains("json.status == 'ok'"), failure::question),
        () ->
            assertTrue(
                failure.question().contains("{\"status\":\"maintenance\"}"), failure::question));
    Said status = backout.run("status", target());
    assertAll(
        () -> assertEquals(6, status.exit(), status::toString),
        () -> assertTrue(status.out().contains("maintenance"), status::toString),
        () -> assertTrue(status.out().contains("validate/health --reason"), status::toString));
    decide("skip", "validate/health", "--reason");
    Said said = approvedAlready(command);
    assertEquals(0, said.exit(), said::toString);
  }

  @Test
  @RequiresProgram("setpriv")
  void anEnvironmentFileThatTheWorkerMayNotReadStopsTheRunBeforeTheDatabaseIsTouched(
      @TempDir Path directory) throws Exception {
    String before = Fingerprint.sha256(Files.readAllBytes(site.database()));
    OwnBackout everybodys = backout;
    try (OwnBackout ordinary =
        OwnBackout.ofAnOrdinaryUser(directory.toRealPath().resolve("own"), root)) {
      ordinary.secret("DATABASE_URL_" + sites, site.databaseUrl());
      backout = ordinary;
      Running command = run();
      backout.question(command, target());
      Path file = site.home().resolve(".env");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
      approve(command);
      Waiting failure = backout.question(command, target());
      assertEquals("environment", failure.step(), failure::question);
      assertTrue(failure.question().contains(file.toString()), failure::question);
      assertTrue(failure.question().contains("read"), failure::question);
      assertEquals(before, Fingerprint.sha256(Files.readAllBytes(site.database())));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      decide("retry", "environment", "--reason");
      Said said = approvedAlready(command);
      assertEquals(0, said.exit(), said::toString);
    } finally {
      backout = everybodys;
    }
  }

  @Test
  @RequiresProgram("setpriv")
  void aStateDirectoryThatCannotBeWrittenIsNamedByWhatWritesAndNoHindranceToWhatReads(
      @TempDir Path directory) throws Exception {
    Path own = directory.toRealPath().resolve("own");
    OwnBackout without = OwnBackout.laidOut(own, root);
    Path state = without.state();
    Files.createDirectories(state.getParent());
    Files.setPosixFilePermissions(state.getParent(), PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      for (String command : List.of("run", "plan")) {
        Said said = without.asAnOrdinaryUser(words(command, site.home()).toArray(String[]::new));
        assertAll(
            () -> assertEquals(1, said.exit(), said::toString),
            () -> assertTrue(said.err().contains(state.toString()), said::toString),
            () -> assertTrue(said.err().contains("needs to write there"), said::toString),
            () -> assertTrue(said.err().contains("XDG_STATE_HOME"), said::toString));
      }
      Said status = without.asAnOrdinaryUser("status");
      assertEquals(1, status.exit(), status::toString);
      assertTrue(status.err().contains("There is no run yet"), status::toString);
    } finally {
      Files.setPosixFilePermissions(
          state.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void theSecretIsInNoHistoryLogArchiveJournalOrOnAnyScreen() throws Exception {
    site.startService();
    Path plan = root.resolve("secret plan.json");
    List<String> words = new ArrayList<>(words("plan", site.home()));
    words.addAll(List.of("-O", plan.toString()));
    backout.run(words);
    assertEquals(0, approved(run()).exit());
    backout.run("history", target());
    Path report = root.resolve("secret report.html");
    backout.run("postmortem", target(), "-o", report.toString());
    String password = site.databaseUrl().split("[:@]")[2];
    String everything =
        backout.screen() + OwnBackout.text(plan) + OwnBackout.text(report) + state();
    assertTrue(everything.contains(target()), "nothing was kept at all");
    for (String form : forms(password)) {
      assertFalse(everything.contains(form), () -> "found as " + form);
    }
  }

  @Test
  @RequiresProgram({"root", "mount"})
  void onADiskWithoutRoomNothingIsStartedOrTouched() throws Exception {
    site.close();
    Path disk = Files.createDirectories(root.resolve("small disk"));
    mount("mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", disk.toString());
    try {
      site = HarvesterSite.layOut(disk, SiteSpec.withoutPostgres());
      backout.secret("DATABASE_URL_" + sites, site.databaseUrl());
      fill(disk.resolve("ballast"));
      Map<String, String> before = Fingerprint.of(disk, "logs");
      Said said = backout.run(words("run", disk, "--yes"));
      assertEquals(1, said.exit(), said::toString);
      assertTrue(said.err().contains("free"), said::toString);
      assertEquals(before, Fingerprint.of(disk, "logs"));
    } finally {
      site.close();
      mount("umount", "-l", disk.toString());
    }
  }

  @Test
  @RequiresProgram({"root", "mount"})
  void aDiskThatFillsUpAfterThePreflightCostsNoDataAndARetryGoesThrough() throws Exception {
    Path disk = Files.createDirectories(root.resolve("disk that fills"));
    mount("mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", disk.toString());
    HarvesterSite onDisk = HarvesterSite.layOut(disk, SiteSpec.withoutPostgres());
    site = onDisk;
    try {
      backout.secret("DATABASE_URL_" + sites, site.databaseUrl());
      site.startService();
      String former = Fingerprint.sha256(Files.readAllBytes(site.database()));
      Running command = run();
      backout.question(command, target());
      mount("mount", "-o", "remount,size=" + (used(disk) + ROOM_FOR_LOGS), disk.toString());
      approve(command);
      Waiting failure = backout.question(command, target());
      assertEquals("restore", failure.step(), failure::question);
      assertEquals(former, Fingerprint.sha256(Files.readAllBytes(site.database())));
      assertEquals(List.of("app.db"), databases());
      mount("mount", "-o", "remount,size=1g", disk.toString());
      decide("retry", "restore", "--reason");
      Said said = approvedAlready(command);
      assertEquals(0, said.exit(), said::toString);
      assertBack(site.rowsInBackup().artifacts());
    } finally {
      site.close();
      mount("umount", "-l", disk.toString());
    }
  }

  private Waiting failsAt(String step) throws Exception {
    Running command = run();
    approve(command);
    Waiting failure = backout.question(command, target());
    assertEquals(step, failure.step(), failure::question);
    decide("stop", step, "--reason");
    assertEquals(5, command.said().exit());
    return failure;
  }

  private void assertRefusedUntouched(String expected) throws Exception {
    Map<String, String> before = Fingerprint.of(site.home(), "logs");
    List<Long> processes = processes();
    Said said = backout.run(words("run", site.home(), "--yes"));
    assertAll(
        () -> assertEquals(1, said.exit(), said::toString),
        () -> assertTrue(said.err().contains("Nothing was started"), said::toString),
        () -> assertTrue(said.err().contains(expected), said::toString),
        () -> assertEquals(before, Fingerprint.of(site.home(), "logs")),
        () -> assertEquals(processes, processes()));
  }

  private void assertBack(int artifacts) throws Exception {
    assertEquals("{\"status\":\"ok\"}", site.get("/health").orElse("no answer"));
    assertTrue(
        site.get("/metrics").orElse("").contains("{table=\"artifacts\"} " + artifacts + "\n"),
        () -> "the service does not serve " + artifacts + " artifacts");
    assertEquals(artifacts, rows());
  }

  private Running run(String... more) throws Exception {
    List<String> words = new ArrayList<>(words("run", site.home(), "--yes"));
    words.addAll(List.of(more));
    return backout.start(words.toArray(String[]::new));
  }

  private Said approved(Running command) throws Exception {
    approve(command);
    return approvedAlready(command);
  }

  /** Whatever else the run asks is answered by its end. */
  private Said approvedAlready(Running command) throws Exception {
    Optional<Waiting> more = backout.awaitQuestion(command, target());
    if (more.isPresent()) {
      decide("stop", more.get().step(), "--reason");
    }
    return command.said();
  }

  private void approve(Running command) throws Exception {
    Waiting gate = backout.question(command, target());
    assertEquals("authorize", gate.step());
    decide("approve", gate.step(), "--comment");
  }

  private void decide(String choice, String step, String flag) throws Exception {
    Said said = backout.run(choice, target(), step, flag, "by the test");
    assertEquals(0, said.exit(), said::toString);
  }

  private List<String> words(String command, Path home, String... more) {
    List<String> words = new ArrayList<>(List.of(command, RUNBOOK.toString()));
    words.addAll(List.of("--input", "service=" + target()));
    words.addAll(List.of("--input", "home=" + home));
    words.addAll(List.of("--input", "baseUrl=" + site.baseUrl()));
    words.addAll(List.of("--input", "port=" + site.port()));
    words.addAll(List.of("--input", "api=" + site.program() + ",api"));
    words.addAll(List.of("--input", "scheduler=" + site.program() + ",daemon"));
    words.addAll(List.of("--input", "postgres=secret:DATABASE_URL_" + sites));
    words.addAll(List.of(more));
    return words;
  }

  private String target() {
    return "harvester-" + sites;
  }

  private String environment() throws Exception {
    return Files.readString(site.home().resolve(".env"));
  }

  private String settings() throws Exception {
    return Files.readString(site.home().resolve("config/settings.yaml"));
  }

  private long filesLike(String name) throws Exception {
    try (Stream<Path> files = Files.list(site.home().resolve("var"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(name)).count();
    }
  }

  private int rows() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + site.database());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM artifacts")) {
      result.next();
      return result.getInt(1);
    }
  }

  private List<Long> processes() {
    return Stream.of("api", "daemon")
        .flatMap(role -> site.pid(role).stream())
        .filter(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
        .toList();
  }

  private String state() throws Exception {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(backout.state())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(OwnBackout.text(file));
      }
    }
    return all.toString();
  }

  /** Base64 has three alignments; in each the middle is the same. */
  private static List<String> forms(String secret) {
    List<String> forms = new ArrayList<>(List.of(secret));
    for (int shift = 0; shift < 3; shift++) {
      String encoded =
          Base64.getEncoder()
              .encodeToString((" ".repeat(shift) + secret).getBytes(StandardCharsets.UTF_8));
      forms.add(encoded.substring(4, encoded.length() - 4));
    }
    return forms;
  }

  private static void fill(Path file) throws Exception {
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (java.io.IOException e) {
      // Full, as wanted.
    }
  }

  private static long used(Path disk) throws Exception {
    FileStore store = Files.getFileStore(disk);
    return store.getTotalSpace() - store.getUnallocatedSpace();
  }

  private static Process holdOpen(Path file) throws Exception {
    return new ProcessBuilder(
            "/bin/sh", "-c", "exec 9<\"$1\"; exec sleep 600", "sh", file.toString())
        .start();
  }

  /** What lies beside the database and begins like it. */
  private List<String> databases() throws Exception {
    try (Stream<Path> files = Files.list(site.home().resolve("var"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("app.db"))
          .sorted()
          .toList();
    }
  }

  private static void mount(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
