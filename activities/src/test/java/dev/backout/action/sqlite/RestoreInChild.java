package dev.backout.action.sqlite;

import dev.backout.testing.PlainContext;
import java.nio.file.Path;

/**
 * A worker that does nothing but restore: {@code BACKUP DATABASE STAGE}. It is killed at the stage,
 * as the kernel kills, without a word; {@code none} for not at all.
 */
final class RestoreInChild {
  private RestoreInChild() {}

  public static void main(String[] args) throws Exception {
    RestoreDatabase.Input input =
        new RestoreDatabase.Input(
            Path.of(args[0]), Path.of(args[1]), null, null, null, true, false);
    System.out.println("restoring");
    new RestoreDatabase(
            stage -> {
              if (stage.name().equals(args[2])) {
                kill();
              }
            })
        .run(input, new PlainContext());
    System.out.println("restored");
  }

  private static void kill() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
      Thread.sleep(60_000);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
