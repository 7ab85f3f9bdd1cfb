package dev.backout.server;

import dev.backout.config.StateDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two locks in one file, which the kernel lets go with their process: one for whoever starts or
 * stops the server, one that the server holds as long as it lives.
 */
final class ServerLock implements AutoCloseable {
  private static final long CHANGING = 0;
  private static final long RUNNING = 1;

  private final FileChannel channel;

  private ServerLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for whoever else is starting or stopping the server. */
  static ServerLock toChange(StateDirectory state, Duration patience)
      throws IOException, InterruptedException {
    FileChannel channel = open(state);
    long until = System.nanoTime() + patience.toNanos();
    while (tryLock(channel, CHANGING) == null) {
      if (System.nanoTime() > until) {
        channel.close();
        throw new ServerException(
            "Another command has been starting or stopping the background server for "
                + patience.toSeconds()
                + " s. If none is, delete "
                + state.serverLock()
                + " and try again.");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return new ServerLock(channel);
  }

  /** For the server itself, for its whole life; empty if another server has it. */
  static Optional<ServerLock> toRun(StateDirectory state) throws IOException {
    FileChannel channel = open(state);
    if (tryLock(channel, RUNNING) == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new ServerLock(channel));
  }

  private static FileChannel open(StateDirectory state) throws IOException {
    return FileChannel.open(
        state.serverLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static @Nullable FileLock tryLock(FileChannel channel, long position) throws IOException {
    try {
      return channel.tryLock(position, 1, false);
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
