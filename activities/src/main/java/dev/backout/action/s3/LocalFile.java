package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A file to be put, as it was when it was first read.
 *
 * @param size in bytes
 * @param sha256 hexadecimal
 */
record LocalFile(Path path, long size, Instant modified, String sha256) {
  private static final int CHUNK = 1 << 20;

  static LocalFile read(Path path, ActionContext context) throws IOException, ActionException {
    if (!Files.isRegularFile(path)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          Files.exists(path)
              ? path + " is not a file. Name the file to be put."
              : "There is no file " + path + ". Correct the path, or take the backup first.");
    }
    Instant modified = Files.getLastModifiedTime(path).toInstant().truncatedTo(ChronoUnit.MILLIS);
    long size = Files.size(path);
    MessageDigest whole = Sha256.digest();
    digest(path, 0, size, context, whole);
    return new LocalFile(path, size, modified, Sha256.of(whole));
  }

  /** Takes a part of the file into each digest. */
  void digest(long from, long length, ActionContext context, MessageDigest... digests)
      throws IOException {
    digest(path, from, length, context, digests);
  }

  private static void digest(
      Path path, long from, long length, ActionContext context, MessageDigest... digests)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    try (FileChannel channel = FileChannel.open(path)) {
      long left = length;
      channel.position(from);
      while (left > 0) {
        buffer.clear().limit((int) Math.min(CHUNK, left));
        int count = channel.read(buffer);
        if (count < 0) {
          throw new EOFException(path + " became shorter while it was read");
        }
        for (MessageDigest digest : digests) {
          digest.update(buffer.array(), 0, count);
        }
        left -= count;
        context.heartbeat("reading " + path.getFileName());
      }
    }
  }

  /** A part of the file, from its beginning each time it is asked for. */
  InputStream part(long from, long length) {
    try {
      FileChannel channel = FileChannel.open(path);
      channel.position(from);
      return new Bounded(Channels.newInputStream(channel), length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ActionException changed() {
    return new ActionException(
        Kind.PERMANENT,
        path
            + " was written to while it was read, so what was read is not one file."
            + " Wait until whatever writes it has finished. Nothing was stored.");
  }

  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
