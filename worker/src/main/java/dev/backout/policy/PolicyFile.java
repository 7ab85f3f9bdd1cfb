package dev.backout.policy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The policy in force. Looks at its files each time it is asked, so that a change needs no restart.
 * What was there once and can't be read any more is no reason to do without it.
 */
public final class PolicyFile {
  /** How long two looks at a changed file lie apart: an editor may be in the middle of writing. */
  private static final long SETTLE_MILLIS = 50;

  private static final int LOOKS = 20;

  private final Path file;
  private boolean mustExist;
  private @Nullable Policy last;

  /**
   * @param mustExist whether it was named by somebody, so that its absence is an error; else there
   *     may be no policy until there is one for the first time
   */
  public PolicyFile(Path file, boolean mustExist) {
    this.file = file;
    this.mustExist = mustExist;
  }

  public Path file() {
    return file;
  }

  /**
   * What the files say now.
   *
   * @throws PolicyException if they can't be read: then nothing may be judged by what they said
   *     before
   */
  public synchronized Policy current() throws PolicyException {
    Policy before = last;
    if (before != null && before.isCurrent()) {
      return before;
    }
    if (!mustExist && !Files.exists(file)) {
      return Policy.none();
    }
    mustExist = true;
    Policy read = settled();
    last = read;
    return read;
  }

  private Policy settled() throws PolicyException {
    for (int looks = 1; ; looks++) {
      Policy read = Policy.read(file);
      pause();
      if (read.isCurrent() || looks == LOOKS) {
        return read;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(SETTLE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
