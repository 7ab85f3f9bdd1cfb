package dev.backout.signature;

import java.nio.file.Path;
import java.util.Set;

/**
 * Who may sign: an {@code allowed_signers} file in OpenSSH's own format (see ssh-keygen(1),
 * "ALLOWED SIGNERS").
 */
public final class AllowedSigners {
  private AllowedSigners() {}

  /** Reads a file; every problem in it is reported at once, each with file and line. */
  public static AllowedSigners read(Path file) throws UnreadableKeys {
    throw new UnreadableKeys(file + " can't be read yet.");
  }

  /**
   * Reads the text of a file.
   *
   * @param source what the errors call it
   */
  public static AllowedSigners parse(String text, String source) throws UnreadableKeys {
    throw new UnreadableKeys(source + " can't be read yet: " + text.length() + " characters.");
  }

  /**
   * The principals that are written out, without those that only a pattern covers, in the order of
   * the file.
   */
  public Set<String> principals() {
    return Set.of();
  }
}
