package dev.backout.action.sqlite;

import dev.backout.action.Sha256;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The SHA-256 of a file, read behind the writer while it is being written: what is hashed is what
 * arrived, and the time it takes is not added to that of writing.
 */
final class FollowingHash implements AutoCloseable {
  /** Stays in the processor's cache between being read and being hashed: half as fast otherwise. */
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final FutureTask<String> task = new FutureTask<>(this::hash);
  private long written;
  private boolean complete;

  private FollowingHash(Path file) {
    this.file = file;
  }

  static FollowingHash start(Path file) {
    FollowingHash hash = new FollowingHash(file);
    Thread thread = new Thread(hash.task, "backout-hash");
    thread.setDaemon(true);
    thread.start();
    return hash;
  }

  /** A file that is already whole. */
  static String of(Path file) throws IOException {
    try (FollowingHash hash = start(file)) {
      hash.written(java.nio.file.Files.size(file));
      return hash.finish();
    }
  }

  synchronized void written(long bytes) {
    written = bytes;
    notifyAll();
  }

  /** After the last byte; waits for the hash, as 64 hexadecimal digits. */
  String finish() throws IOException {
    complete();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while hashing " + file);
    } catch (ExecutionException e) {
      throw new IOException("could not hash " + file, e.getCause());
    }
  }

  private synchronized void complete() {
    complete = true;
    notifyAll();
  }

  private String hash() throws IOException, InterruptedException {
    MessageDigest digest = Sha256.digest();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (FileChannel channel = FileChannel.open(file)) {
      long read = 0;
      for (long end = await(read); end > read; end = await(read)) {
        buffer.clear().limit((int) Math.min(BUFFER, end - read));
        int count = channel.read(buffer);
        if (count < 0) {
          throw new IOException(file + " became shorter while it was read");
        }
        digest.update(buffer.flip());
        read += count;
      }
    }
    return Sha256.of(digest);
  }

  /** Up to where there is something to read; {@code read} itself when that was all. */
  private synchronized long await(long read) throws InterruptedException {
    while (written <= read && !complete) {
      wait();
    }
    return written;
  }

  @Override
  public void close() {
    complete();
    task.cancel(true);
  }
}
