package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Disk;
import dev.backout.action.PrivateFiles;
import dev.backout.action.RunLabel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is written under another name, and has its own when it is whole and durable. */
record Destination(Path file, Path draft) implements AutoCloseable {

  static Destination beside(Path file, long size, ActionContext context)
      throws ActionException, IOException {
    requireDirectory(file, size);
    Path draft = file.resolveSibling("." + file.getFileName() + ".partial-" + RunLabel.of(context));
    Files.deleteIfExists(draft);
    return new Destination(file, PrivateFiles.create(draft));
  }

  static void requireDirectory(Path file, long size) throws ActionException, IOException {
    Path directory = Disk.directoryOf(file);
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.INVALID_INPUT, "There is no directory " + directory + " to write to. Make it.");
    }
    Disk.requireSpace(directory, size, file.toString());
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
    Disk.syncDirectory(Disk.directoryOf(file));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(draft);
  }
}
