package dev.backout.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A log of at most twice {@link #LIMIT_BYTES}: when it is full it becomes the former log. */
final class CappedLog extends OutputStream {
  static final long LIMIT_BYTES = 5L * 1024 * 1024;

  private final Path file;
  private OutputStream out;
  private long size;

  CappedLog(Path file) throws IOException {
    this.file = file;
    this.out = open(file);
    this.size = Files.size(file);
  }

  static Path former(Path log) {
    return log.resolveSibling(log.getFileName() + ".1");
  }

  @Override
  public synchronized void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (size + length > LIMIT_BYTES) {
      out.close();
      Files.move(file, former(file), StandardCopyOption.REPLACE_EXISTING);
      out = open(file);
      size = 0;
    }
    out.write(bytes, offset, length);
    size += length;
  }

  private static OutputStream open(Path file) throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
