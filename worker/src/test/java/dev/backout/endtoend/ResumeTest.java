package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that have stopped on their way are gone on with, by the commands that a person types. Each
 * act leaves a line: in the end there is one of each.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeTest {
  private static final String HEAD =
      """
      apiVersion: backout/v1
      kind: planned
      name: count
      summary: Leave a line for each act.
      target: TARGET
      """;

  private Path root;
  private Path directory;
  private OwnBackout backout;
  private String target;
  private int targets;

  @BeforeAll
  void ownBackout(@TempDir Path folder) throws Exception {
    root = folder.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root, "sh");
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @BeforeEach
  void anotherTarget() throws IOException {
    target = "counter-" + ++targets;
    directory = Files.createDirectories(root.resolve(target));
    Files.writeString(directory.resolve("effects"), "");
  }

  @Test
  void a_stopped_run_is_gone_on_with_from_where_it_stopped() throws Exception {
    Path runbook =
        runbook(
            """
            steps:
              - id: one
                uses: command.run
                with: { command: [sh, "-c", "echo one >> DIR/effects; echo 41"] }
              - id: gate
                name: Go on?
                checkpoint: { approvers: [group:oncall], quorum: 1, timeout: 4h }
              - id: two
                uses: command.run
                with: { command: [sh, "-c", "echo two >> DIR/effects"] }
            """);
    Running command = backout.start("run", runbook.toString(), "--yes");
    assertEquals("gate", backout.question(command, target).step());
    assertEquals(0, backout.run("stop", target, "--reason", "lunch").exit());
    Said stopped = command.said();
    assertEquals(5, stopped.exit(), stopped::toString);

    Said resumed = resume("--reason", "had lunch");
    assertEquals(6, resumed.exit(), resumed::toString);
    assertEquals(List.of("one"), effects());
    assertEquals(0, backout.run("approve", target, "gate").exit());
    Said said = backout.run("watch", target);
    assertEquals(0, said.exit(), said::toString);
    assertEquals(List.of("one", "two"), effects());
  }

  @Test
  void a_failed_step_is_repaired_and_what_was_done_must_stay_as_it_was() throws Exception {
    String steps =
        """
        steps:
          - id: one
            uses: command.run
            with: { command: [sh, "-c", "echo one >> DIR/effects; echo 41"] }
          - id: two
            uses: command.run
            with: { command: [sh, "-c", "exit 3"] }
            onFailure: stop
          - id: three
            uses: command.run
            with: { command: [sh, "-c", "printf %s '${{ steps.one.outputs.tail }}' >> DIR/effects"] }
        """;
    Said failed = backout.run("run", runbook(steps).toString(), "--yes");
    assertEquals(5, failed.exit(), failed::toString);
    String id = id();
    for (String command : List.of("status", "history", "runs")) {
      Said said = backout.run(command);
      assertTrue(said.out().contains("backout resume " + id), said::toString);
    }
    assertTrue(failed.out().contains("backout resume " + id), failed::toString);

    Path changed =
        Files.writeString(
            directory.resolve("changed.yaml"), text(steps.replace("echo one", "echo uno")));
    Said refused = backout.run("resume", target, "--yes", "--plan", changed.toString());
    assertEquals(1, refused.exit(), refused::toString);
    assertTrue(refused.err().contains("one: use.with.command[2]"), refused::toString);
    Path other =
        Files.writeString(
            directory.resolve("other.yaml"), text(steps).replace(target, "elsewhere"));
    Said elsewhere = backout.run("resume", target, "--yes", "--plan", other.toString());
    assertTrue(elsewhere.err().contains("elsewhere"), elsewhere::toString);

    Path repaired =
        Files.writeString(
            directory.resolve("repaired.yaml"),
            text(steps.replace("exit 3", "echo two >> DIR/effects")));
    Said done = backout.run("resume", target, "--yes", "--plan", repaired.toString());
    assertEquals(0, done.exit(), done::toString);
    assertTrue(done.out().contains("one  done in run " + id), done::toString);
    assertEquals(List.of("one", "two", "41"), effects());

    String history = words(backout.run("history", target));
    assertTrue(history.contains("going on from run " + id), history);
    assertTrue(history.indexOf("two failed") < history.indexOf("going on from run"), history);
    Said again = backout.run("resume", id, "--yes");
    assertEquals(1, again.exit(), again::toString);
    assertTrue(again.err().contains("has gone on from run " + id), again::toString);
  }

  @Test
  void an_approval_counts_again_unless_the_facts_have_changed() throws Exception {
    Path rows = Files.writeString(directory.resolve("rows"), "row\n");
    Path runbook =
        runbook(
            """
            preflight:
              - id: rows
                uses: logs.scan
                with: { file: DIR/rows, pattern: "row", maxMatches: 99, rotated: false }
                expect: outputs.matches < 99
            steps:
              - id: gate
                name: "${{ steps.rows.outputs.matches }} rows will be lost. Go on?"
                checkpoint: { approvers: [group:oncall], quorum: 1, timeout: 4h }
              - id: two
                uses: command.run
                with: { command: [sh, "-c", "test -e DIR/well && echo two >> DIR/effects"] }
                onFailure: stop
            """);
    Running command = backout.start("run", runbook.toString(), "--yes");
    backout.awaitQuestion(command, target);
    assertEquals(0, backout.run("approve", target, "gate").exit());
    assertEquals(5, command.said().exit());

    Said unchanged = resume();
    assertEquals(5, unchanged.exit(), unchanged::toString);
    Files.writeString(rows, "row\nrow\n");
    Files.writeString(directory.resolve("well"), "");
    Said changed = resume();
    assertEquals(6, changed.exit(), changed::toString);
    assertTrue(words(backout.run("status", target)).contains("2 rows will be lost"));
    assertEquals(0, backout.run("approve", target, "gate").exit());
    assertEquals(0, backout.run("watch", target).exit());
    assertEquals(List.of("two"), effects());
  }

  @Test
  void taking_back_takes_back_what_both_runs_have_done() throws Exception {
    Files.writeString(
        directory.resolve("inner.yaml"),
        text("""
                steps:
                  - id: inner_act
                    uses: command.run
                    with: { command: [sh, "-c", "echo in >> DIR/effects"] }
                    undo:
                      uses: command.run
                      with: { command: [sh, "-c", "echo undo in >> DIR/effects"] }
                """)
            .replace("name: count", "name: inner")
            .replace("target: " + target, "target: inner-" + target));
    Path runbook =
        runbook(
            """
            steps:
              - id: one
                uses: command.run
                with: { command: [sh, "-c", "echo one >> DIR/effects"] }
                undo:
                  uses: command.run
                  with: { command: [sh, "-c", "echo undo one >> DIR/effects"] }
              - id: below
                runbook: inner.yaml
              - id: two
                uses: command.run
                with: { command: [sh, "-c", "test -e DIR/well && echo two >> DIR/effects"] }
                onFailure: stop
                undo:
                  uses: command.run
                  with: { command: [sh, "-c", "echo undo two >> DIR/effects"] }
              - id: three
                uses: command.run
                with: { command: [sh, "-c", "exit 3"] }
                onFailure: stop
            """);
    Said failed = backout.run("run", runbook.toString(), "--yes");
    assertEquals(5, failed.exit(), failed::toString);
    String first = id();
    Files.writeString(directory.resolve("well"), "");
    Said resumed = resume();
    assertEquals(5, resumed.exit(), resumed::toString);

    Said former = backout.run("undo", first, "--yes", "--reason", "all of it");
    assertEquals(1, former.exit(), former::toString);
    assertTrue(former.err().contains("backout undo " + id()), former::toString);
    Said undone = backout.run("undo", target, "--yes", "--reason", "all of it");
    assertEquals(0, undone.exit(), undone::toString);
    assertEquals(List.of("one", "in", "two", "undo two", "undo in", "undo one"), effects());
  }

  private Said resume(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("resume", target, "--yes", "--until-waiting"));
    all.addAll(List.of(words));
    return backout.run(all);
  }

  private String id() throws Exception {
    Said runs = backout.run("runs", "--limit", "1");
    return runs.out().lines().skip(1).findFirst().orElseThrow().strip().split("\\s+")[0];
  }

  private static String words(Said said) {
    return said.out().replaceAll("\\s+", " ");
  }

  private Path runbook(String steps) throws IOException {
    return Files.writeString(directory.resolve("count.yaml"), text(steps));
  }

  private String text(String steps) {
    return (HEAD + steps).replace("DIR", directory.toString()).replace("TARGET", target);
  }

  private List<String> effects() throws IOException {
    return Files.readAllLines(directory.resolve("effects"));
  }
}
