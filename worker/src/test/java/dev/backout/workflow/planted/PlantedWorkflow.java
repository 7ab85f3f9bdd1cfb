package dev.backout.workflow.planted;

import dev.backout.action.planted.first.PlantedAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;

/** Breaks the rules for workflow code, each once, so that the rules are known to bite. */
public final class PlantedWorkflow {
  public PlantedAction knowsAnAction;
  public Connection touchesASystem;

  public Instant asksTheClock() {
    return Instant.now();
  }

  public Thread startsAThread() {
    return new Thread(() -> {});
  }

  public boolean readsAFile() {
    return Files.exists(Path.of("x"));
  }
}
