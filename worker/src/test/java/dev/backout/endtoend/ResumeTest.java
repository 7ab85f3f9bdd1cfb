package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    assertEquals("gate", backout.awaitQuestion(command, target).orElseThrow().step());
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

  private Said resume(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("resume", target, "--yes", "--until-waiting"));
    all.addAll(List.of(words));
    return backout.run(all);
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
