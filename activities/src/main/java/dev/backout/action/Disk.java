package dev.backout.action;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;

/** What must be true of the disk before and after something is written to it. */
public final class Disk {
  private Disk() {}

  public static void requireSpace(Path directory, long bytes, String purpose)
      throws IOException, ActionException {
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < bytes) {
      throw new ActionException(
          ActionException.Kind.PERMANENT,
          String.format(
              Locale.ROOT,
              "%s needs %s in %s, and %s are free. Free some space, or name another place.",
              purpose,
              Amounts.text(bytes),
              directory,
              Amounts.text(free)));
    }
  }

  public static Path directoryOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "the root is no file");
  }

  public static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes names in a directory durable: a rename or an unlink isn't until then. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  public static boolean isFull(Throwable problem) {
    String message = String.valueOf(problem.getMessage());
    return message.contains("No space left on device")
        || message.contains("Disk quota exceeded")
        || message.contains("SQLITE_FULL");
  }
}
