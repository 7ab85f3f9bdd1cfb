package dev.backout.action.logs;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file line by line, with never more of it in memory than one line, and of that no more
 * than {@value #LONGEST} bytes. Bytes that are no UTF-8 become replacement characters.
 */
final class LineReader implements Closeable {
  static final int LONGEST = 64 * 1024;
  private static final int BLOCK = 1 << 16;

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private final byte[] block = new byte[BLOCK];
  private int position;
  private int end;

  private LineReader(InputStream in) {
    this.in = in;
  }

  /** From the start, unpacked if it is a gzip file. */
  static LineReader open(Path file) throws IOException {
    return isCompressed(file)
        ? new LineReader(
            new GZIPInputStream(
                new BufferedInputStream(java.nio.file.Files.newInputStream(file)), BLOCK))
        : openAt(file, 0);
  }

  /** From a byte of a file that isn't compressed. */
  static LineReader openAt(Path file, long offset) throws IOException {
    RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r");
    opened.seek(offset);
    return new LineReader(Channels.newInputStream(opened.getChannel()));
  }

  static boolean isCompressed(Path file) throws IOException {
    try (InputStream in = java.nio.file.Files.newInputStream(file)) {
      return in.read() == 0x1f && in.read() == 0x8b;
    }
  }

  /** The next line without its end; null after the last. */
  @Nullable String next() throws IOException {
    line.reset();
    boolean any = false;
    while (fill()) {
      any = true;
      int start = position;
      while (position < end && block[position] != '\n') {
        position++;
      }
      line.write(block, start, Math.min(position - start, LONGEST - line.size()));
      if (position < end) {
        position++;
        return text();
      }
    }
    return any ? text() : null;
  }

  private boolean fill() throws IOException {
    if (position == end) {
      end = Math.max(0, in.read(block));
      position = 0;
    }
    return end > 0;
  }

  private String text() {
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
