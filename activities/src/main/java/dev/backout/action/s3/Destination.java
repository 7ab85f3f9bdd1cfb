package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A file that is written under another name, and has its own when it is whole and durable. */
record Destination(Path file, Path draft) implements AutoCloseable {

  static Destination beside(Path file, long size, ActionContext context)
      throws ActionException, IOException {
    requireDirectory(file, size);
    String run = context.call().runId().replaceAll("[^A-Za-z0-9_-]", "-");
    Path draft = file.resolveSibling("." + file.getFileName() + ".partial-" + run);
    Files.deleteIfExists(draft);
    return new Destination(file, PrivateFiles.create(draft));
  }

  static void requireDirectory(Path file, long size) throws ActionException, IOException {
    Path directory = directory(file);
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.INVALID_INPUT, "There is no directory " + directory + " to write to. Make it.");
    }
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < size) {
      throw new ActionException(
          Kind.PERMANENT,
          file
              + " needs "
              + Sums.size(size)
              + " in "
              + directory
              + ", and "
              + Sums.size(free)
              + " are free. Free some space, or name another place.");
    }
  }

  private static Path directory(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "the root is no file");
  }

  interface Writing {
    String to(OutputStream out) throws ActionException, IOException;
  }

  /** Writes it, durably. */
  String write(Writing writing) throws ActionException, IOException {
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      String result = writing.to(Channels.newOutputStream(channel));
      channel.force(true);
      return result;
    }
  }

  void publish() throws IOException {
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel channel = FileChannel.open(directory(file), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(draft);
  }
}
