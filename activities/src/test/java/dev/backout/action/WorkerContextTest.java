package dev.backout.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionContext.CancelledException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkerContextTest {
  @TempDir private Path temporary;
  private Path inside;
  private Path outside;

  @BeforeEach
  void directories() throws Exception {
    inside = Files.createDirectory(temporary.toRealPath().resolve("inside"));
    outside = Files.createDirectory(temporary.toRealPath().resolve("outside"));
  }

  @Test
  void aPathInsideIsAllowedAlsoBeforeItExists() throws Exception {
    try (WorkerContext context = context()) {
      assertEquals(inside.resolve("new/file"), context.allowed(inside.resolve("new/file")));
      assertEquals(inside, context.allowed(inside.resolve("x/..")));
    }
  }

  @Test
  void aPathOutsideIsRefusedHoweverItIsReached() throws Exception {
    Files.createSymbolicLink(inside.resolve("link"), outside);
    Files.createSymbolicLink(inside.resolve("dangling"), outside.resolve("nothing-yet"));
    try (WorkerContext context = context()) {
      for (Path path :
          List.of(
              outside.resolve("file"),
              inside.resolve("../outside/file"),
              inside.resolve("link/file"),
              inside.resolve("dangling"),
              temporary.resolve("inside-too"))) {
        ActionException refused =
            assertThrows(ActionException.class, () -> context.allowed(path), path.toString());
        assertEquals(ActionException.Kind.NOT_ALLOWED, refused.kind());
      }
    }
  }

  @Test
  void onlyTheProgramsThatTheOperatorNamesAreAllowed() throws Exception {
    try (WorkerContext context = context()) {
      context.allowProgram("make");
      String said =
          assertThrows(ActionException.class, () -> context.allowProgram("sh")).getMessage();
      assertTrue(said.contains("'sh'") && said.contains("make"), said);
    }
  }

  @Test
  void evidenceStaysInItsDirectoryWhateverTheStepIsCalled() throws Exception {
    try (WorkerContext context = context()) {
      Path evidence = context.evidence("output.txt");
      assertEquals(inside.resolve("evidence/run-1"), evidence.getParent());
    }
  }

  @Test
  void aCancellationReachesTheActionAtItsNextHeartbeat() {
    try (WorkerContext context =
        new WorkerContext(
            call(),
            secrets(),
            limits(),
            progress -> {
              throw new IllegalStateException("cancelled");
            })) {
      assertThrows(CancelledException.class, () -> context.heartbeat("half way"));
    }
  }

  private WorkerContext context() {
    return new WorkerContext(call(), secrets(), limits(), progress -> {});
  }

  private static StepCall call() {
    return new StepCall("run-1", "runbook", "target", "../../step", 1);
  }

  private SecretStore secrets() {
    return new SecretStore(Map.of(), inside, null, List.of());
  }

  private WorkerLimits limits() {
    return new WorkerLimits(List.of(inside), List.of("make"), inside.resolve("evidence"));
  }
}
