package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.Amounts;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The database of a backup file, written to a new file and durable there.
 *
 * @param bytes its length, unpacked
 * @param sha256 of what was written, unpacked, as 64 hexadecimal digits
 */
record WrittenCopy(long bytes, String sha256) {
  private static final int CHUNK = 8 << 20;

  /**
   * @param target must not exist; what was begun stays there if this fails
   */
  static WrittenCopy write(BackupFile backup, Path target, ActionContext context)
      throws IOException, ActionException {
    FileTime before = Files.getLastModifiedTime(backup.path());
    try (FileChannel out =
            FileChannel.open(
                target,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        FollowingHash hash = FollowingHash.start(target)) {
      long bytes =
          backup.compressed()
              ? unpack(backup.path(), out, hash, context)
              : copy(backup.path(), out, hash, context);
      out.force(true);
      requireUnchanged(backup, before);
      return new WrittenCopy(bytes, hash.finish());
    }
  }

  private static long copy(Path from, FileChannel out, FollowingHash hash, ActionContext context)
      throws IOException {
    try (FileChannel in = FileChannel.open(from)) {
      long size = in.size();
      long position = 0;
      while (position < size) {
        long count = in.transferTo(position, Math.min(CHUNK, size - position), out);
        if (count <= 0) {
          throw new EOFException(from + " became shorter while it was read");
        }
        position += count;
        hash.written(position);
        context.heartbeat("wrote " + Amounts.text(position) + " of " + Amounts.text(size));
      }
      return size;
    }
  }

  private static long unpack(Path from, FileChannel out, FollowingHash hash, ActionContext context)
      throws IOException, ActionException {
    byte[] buffer = new byte[1 << 18];
    long position = 0;
    try (InputStream file = Files.newInputStream(from);
        InputStream in = new GZIPInputStream(file, 1 << 16)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        writeFully(out, ByteBuffer.wrap(buffer, 0, count));
        position += count;
        hash.written(position);
        context.heartbeat("unpacked " + Amounts.text(position));
      }
      return position;
    } catch (ZipException | EOFException e) {
      throw new ActionException(
          ActionException.Kind.PERMANENT,
          from + " is a damaged gzip file: " + e.getMessage() + ". Choose another backup.",
          e);
    }
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static void requireUnchanged(BackupFile backup, FileTime before)
      throws IOException, ActionException {
    if (!Files.getLastModifiedTime(backup.path()).equals(before)) {
      throw new ActionException(
          ActionException.Kind.PERMANENT,
          backup.path()
              + " was written to while it was read, so what was read is not one backup."
              + " Wait until whatever writes it has finished.");
    }
  }
}
