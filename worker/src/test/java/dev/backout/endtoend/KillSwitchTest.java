package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Said;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kill switch that is pulled at once: nothing is predicted first. */
class KillSwitchTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: kill-switch
      name: exports-off
      summary: Stop the exports.
      target: exports
      inputs:
        home: { type: path }
        room: { type: size, default: 1KiB }
      preflight:
        - id: room
          uses: disk.check
          with: { path: "${{ inputs.home }}", free: "${{ inputs.room }}" }
      steps:
        - id: off
          name: Switch the exports off
          uses: dotenv.edit
          with: { file: "${{ inputs.home }}/.env", set: { EXPORTS: "off" } }
      """;

  @Test
  void itIsPulledUnseenOnlyWithYesAndItsPreflightHoldsItBackAllTheSame(@TempDir Path root)
      throws Exception {
    Path home = root.toRealPath();
    Path runbook = Files.writeString(home.resolve("exports-off.yaml"), RUNBOOK);
    Path settings = Files.writeString(home.resolve(".env"), "EXPORTS=on\n");
    try (OwnBackout backout = OwnBackout.in(home.resolve("own"), home)) {
      String input = "home=" + home;
      Said seen = backout.run("run", runbook.toString(), "--input", input);
      assertEquals(2, seen.exit(), seen::toString);
      assertTrue(seen.out().contains("+EXPORTS=off"), seen::toString);

      Said heldBack =
          backout.run(
              "run",
              runbook.toString(),
              "--yes",
              "--input",
              input,
              "--input",
              "room=900TiB",
              "--until-waiting");
      assertEquals(6, heldBack.exit(), heldBack::toString);
      Said stopped = backout.run("stop", "exports", "preflight", "--reason", "no room, by design");
      assertEquals(0, stopped.exit(), stopped::toString);
      assertEquals("EXPORTS=on\n", Files.readString(settings));

      Said pulled = backout.run("run", runbook.toString(), "--yes", "--input", input);
      assertEquals(0, pulled.exit(), pulled::toString);
      assertTrue(pulled.out().contains("Switch the exports off"), pulled::toString);
      assertFalse(pulled.out().contains("+EXPORTS=off"), pulled::toString);
      assertEquals("EXPORTS=off\n", Files.readString(settings));
    }
  }
}
