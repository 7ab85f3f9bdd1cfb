package dev.backout.action;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a step found before its first attempt changed anything, kept in the worker's evidence, so
 * that a repetition does not take the half-changed for the former.
 */
public final class FirstAttempt {
  private FirstAttempt() {}

  /**
   * @param found what this attempt finds; kept if it is the first
   * @return what the first attempt that is known here has found
   */
  public static String found(String name, String found, ActionContext context) throws IOException {
    Optional<String> kept = kept(name, context);
    if (kept.isPresent()) {
      return kept.get();
    }
    Files.writeString(PrivateFiles.create(context.evidence(name)), found);
    return found;
  }

  /** Whether an attempt is known here to have found something. */
  public static boolean isKnown(String name, ActionContext context) throws IOException {
    return kept(name, context).isPresent();
  }

  /** Writes down that this attempt has come to a point, for {@link #all} and {@link #last}. */
  public static void mark(String name, ActionContext context) throws IOException {
    Files.writeString(PrivateFiles.create(context.evidence(name)), "");
  }

  /** Whether each earlier attempt has marked that here, and so was made here. */
  public static boolean all(String name, ActionContext context) throws IOException {
    for (int attempt = 1; attempt < context.call().attempt(); attempt++) {
      if (!isMarked(name, attempt, context)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the attempt before this one has marked that here. */
  public static boolean last(String name, ActionContext context) throws IOException {
    return isMarked(name, context.call().attempt() - 1, context);
  }

  private static boolean isMarked(String name, int attempt, ActionContext context)
      throws IOException {
    Path own = context.evidence(name);
    Path other = of(own, name, context.call().attempt(), attempt);
    return !other.equals(own) && Files.exists(other);
  }

  private static Optional<String> kept(String name, ActionContext context) throws IOException {
    Path own = context.evidence(name);
    for (int attempt = 1; attempt < context.call().attempt(); attempt++) {
      Optional<String> earlier = read(of(own, name, context.call().attempt(), attempt));
      if (earlier.isPresent()) {
        return earlier;
      }
    }
    return read(own);
  }

  /** The same file of another attempt: its name says the step, the attempt and what it is. */
  private static Path of(Path own, String name, int attempt, int other) {
    String file = own.getFileName().toString();
    String end = "-" + attempt + "-" + name;
    return file.endsWith(end)
        ? own.resolveSibling(
            file.substring(0, file.length() - end.length()) + "-" + other + "-" + name)
        : own;
  }

  private static Optional<String> read(Path file) throws IOException {
    return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }
}
