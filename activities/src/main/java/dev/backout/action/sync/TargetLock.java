package dev.backout.action.sync;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps a second copy into the same file from beginning; the kernel lets go of it if we die. */
final class TargetLock implements AutoCloseable {
  /**
   * Who holds which, of this process: where it opened and closed the file once more, the kernel
   * would let go of the lock.
   */
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  private static final int LONGEST = 1000;

  private final Path file;
  private final FileChannel channel;

  private TargetLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * @throws ActionException that names whoever holds it
   */
  static TargetLock take(Path target, ActionContext context) throws IOException, ActionException {
    Path file =
        Disk.directoryOf(target).toRealPath().resolve("." + target.getFileName() + ".sync-lock");
    String holder =
        "the step "
            + context.call().step()
            + " of the run "
            + context.call().runId()
            + ", in process "
            + ProcessHandle.current().pid()
            + " since "
            + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String other = HELD.putIfAbsent(file, holder);
    if (other != null) {
      throw taken(target, other);
    }
    try {
      return new TargetLock(file, locked(target, file, holder));
    } catch (IOException | ActionException e) {
      HELD.remove(file);
      throw e;
    }
  }

  private static FileChannel locked(Path target, Path file, String holder)
      throws IOException, ActionException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    try {
      // Whoever held it before may have removed the name between our opening and our locking.
      if (channel.tryLock() == null || !Files.exists(file)) {
        throw taken(target, content(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (IOException | ActionException e) {
      channel.close();
      throw e;
    }
  }

  private static String content(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(LONGEST);
    int unused = channel.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
  }

  private static ActionException taken(Path target, String holder) {
    return new ActionException(
        Kind.PERMANENT,
        "Another copy into "
            + target
            + " is under way"
            + (holder.isEmpty() ? "" : ": " + holder)
            + ". Wait for it, or stop it. Nothing was changed.");
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    } finally {
      HELD.remove(file);
    }
  }
}
