package dev.backout.action.sqlite;

import dev.backout.action.ActionException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A file that is, or holds, a database.
 *
 * @param modified when it was last written to: what Backout takes for the time of its data
 * @param size of the file as it is stored
 * @param compressed by gzip; told by its content, not its name
 */
record BackupFile(Path path, Instant modified, long size, boolean compressed) {

  static BackupFile of(Path path) throws IOException, ActionException {
    if (!Files.isRegularFile(path)) {
      throw new ActionException(
          ActionException.Kind.INVALID_INPUT,
          Files.exists(path)
              ? path + " is not a file. Name the backup itself."
              : "There is no backup "
                  + path
                  + ". Look with sqlite.findBackup for one that is there.");
    }
    return new BackupFile(
        path,
        Files.getLastModifiedTime(path).toInstant(),
        Files.size(path),
        Header.read(path).compressed());
  }

  /**
   * What its database takes on disk: exactly where it isn't compressed, and at least where it is (a
   * gzip file says its length modulo 4 GiB, of its last part).
   */
  long atLeastUnpacked() throws IOException {
    if (!compressed || size < 18) {
      return size;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(size - 4);
      return Integer.toUnsignedLong(Integer.reverseBytes(file.readInt()));
    }
  }
}
