package dev.backout.action.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a database file.
 *
 * @param sqlite whether it is a SQLite database at all
 * @param compressed whether it is a gzip file instead; its name is not asked
 * @param wal whether its journal is a write-ahead log
 * @param bytes how long the file must be by its own account; 0 where it doesn't say
 */
record Header(boolean sqlite, boolean compressed, boolean wal, long bytes) {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int LENGTH = 100;

  static Header read(Path file) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(LENGTH);
    try (FileChannel channel = FileChannel.open(file)) {
      while (start.hasRemaining() && channel.read(start) >= 0) {
        // a short file ends the loop
      }
    }
    return of(start.flip());
  }

  private static Header of(ByteBuffer start) {
    boolean compressed =
        start.limit() > 2 && (start.get(0) & 0xff) == 0x1f && (start.get(1) & 0xff) == 0x8b;
    boolean sqlite =
        start.limit() == LENGTH
            && Arrays.equals(start.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    return sqlite
        ? new Header(true, false, start.get(19) == 2, declaredBytes(start))
        : new Header(false, compressed, false, 0);
  }

  /** Why a file of so many bytes that begins like this is no database; null if it may be one. */
  @Nullable String defect(long size) {
    if (size == 0) {
      return "it is empty";
    }
    if (!sqlite) {
      return "it is not a SQLite database";
    }
    return size < bytes ? "it is cut off: it has " + size + " of " + bytes + " bytes" : null;
  }

  /** The count of pages is only meant where it was written with the file's last change. */
  private static long declaredBytes(ByteBuffer start) {
    int pageSize = start.getShort(16) & 0xffff;
    boolean current = start.getInt(24) == start.getInt(92);
    long pages = start.getInt(28) & 0xffffffffL;
    return current ? pages * (pageSize == 1 ? 65536 : pageSize) : 0;
  }
}
