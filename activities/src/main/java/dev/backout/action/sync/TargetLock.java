package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps a second copy into the same file from beginning; the kernel lets go of it if we die. */
final class TargetLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private TargetLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static TargetLock take(Path target) throws IOException, ActionException {
    Path file = target.resolveSibling("." + target.getFileName() + ".sync-lock");
    FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    // Whoever held it before may have removed the name between our opening and our locking.
    if (lock(channel) == null || !Files.exists(file)) {
      channel.close();
      throw new ActionException(
          Kind.PERMANENT,
          "Another copy into "
              + target
              + " is under way. Wait for it, or stop it. Nothing was changed.");
    }
    return new TargetLock(file, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by another run of this worker
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
  }
}
