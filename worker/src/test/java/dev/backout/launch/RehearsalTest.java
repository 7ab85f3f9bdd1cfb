package dev.backout.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backout.cli.Backout;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @TempDir Path home;

  @Test
  void itsRunbookHasNothingWrongSoThatABuildLoadsWhatCommandsNeed() throws Exception {
    Path runbook = home.resolve("rehearsal.yaml");
    try (InputStream text = Rehearsal.class.getResourceAsStream("rehearsal.yaml")) {
      Files.copy(text, runbook);
    }

    assertEquals(0, Backout.execute("lint", runbook.toString()));
  }
}
