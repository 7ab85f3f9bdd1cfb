package dev.backout.action.process;

import dev.backout.action.ActionContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The last words of a program, for an error. However long its log is, only the end is read. */
final class LogTail {
  private static final int MOST_LINES = 10;
  private static final int MOST_CHARACTERS = 4_000;

  /** More than is shown, so that a secret at the cut is whole when it is masked. */
  private static final int MOST_BYTES = 64 * 1024;

  private LogTail() {}

  /**
   * @param offset how long the log was before; what was there by then is not shown, unless the log
   *     was truncated meanwhile
   */
  static String of(Path log, long offset, ActionContext context) {
    List<String> lines;
    try {
      lines = context.mask(end(log, offset)).lines().toList();
    } catch (IOException e) {
      return "Its log " + log + " can't be read: " + e.getMessage() + ".";
    }
    String last =
        String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
    return lines.isEmpty()
        ? "It wrote nothing to " + log + "."
        : "The end of "
            + log
            + ":\n"
            + last.substring(Math.max(0, last.length() - MOST_CHARACTERS));
  }

  private static String end(Path log, long offset) throws IOException {
    try (FileChannel channel = FileChannel.open(log)) {
      long size = channel.size();
      long from = Math.max(size < offset ? 0 : offset, size - MOST_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate((int) (size - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
        // until it is full, or the log has become shorter
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }
}
