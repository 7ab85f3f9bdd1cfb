package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checklist, gone through by commands. */
class ManualStepTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: planned
      name: tell
      summary: Tell people.
      target: people
      steps:
        - id: tell
          name: Tell people
          manual: { items: [Call the bank, Update the status page] }
      """;

  @Test
  void itemsAreTickedByNumberOrByHowTheyBegin(@TempDir Path root) throws Exception {
    Path home = root.toRealPath();
    Path runbook = Files.writeString(home.resolve("tell.yaml"), RUNBOOK);
    Path picture = Files.writeString(home.resolve("page.txt"), "All is well again.\n");
    try (OwnBackout backout = OwnBackout.in(home.resolve("own"), home)) {
      Running command = backout.start("run", runbook.toString(), "--yes");
      assertEquals("tell", backout.question(command, "people").step());

      assertSays(backout.run("tick", "people", "tell", "3"), 1, "its number from 1 to 2");
      assertSays(backout.run("tick", "people", "tell", "Email"), 2, "begins with `Email`");
      Said second =
          backout.run(
              "tick",
              "people",
              "tell",
              "update",
              "--comment",
              "posted",
              "--as",
              "ada",
              "--attach",
              picture.toString());
      assertSays(second, 0, "[x] 2 Update the status page, ticked by ada");
      assertSays(backout.run("status", "people"), 6, "[ ] 1 Call the bank");
      assertSays(backout.run("tick", "people", "tell", "2"), 1, "was ticked before, by ada");
      assertEquals(0, backout.run("tick", "people", "tell", "1").exit());
      assertEquals(0, command.said().exit());

      String history = backout.run("history", "people").out().replaceAll("\\s+", " ");
      assertTrue(history.contains("ada (unverified) ticked 2, Update the status page"), history);
      assertTrue(history.contains("SHA-256"), history);
      try (Stream<Path> evidence = Files.walk(backout.state().resolve("evidence"))) {
        assertTrue(evidence.anyMatch(file -> file.endsWith("tell-2-page.txt")));
      }
    }
  }

  private static void assertSays(Said said, int exit, String text) {
    assertEquals(exit, said.exit(), said::toString);
    assertTrue(said.all().replaceAll("\\s+", " ").contains(text), said::toString);
  }
}
