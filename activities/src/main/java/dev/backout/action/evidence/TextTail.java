package dev.backout.action.evidence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The end of a text file. */
record TextTail(Path file, long most) {
  private static final int LONGEST_LINE = 1 << 20;
  private static final int LOOKED_AT = 4096;

  /** Whether it isn't text, so that nothing in it could be masked. */
  boolean isBinary() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      for (byte each : in.readNBytes(LOOKED_AT)) {
        if (each == 0) {
          return true;
        }
      }
      return false;
    }
  }

  void writeTo(Collection.Lines lines) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long skipped = Math.max(0, channel.size() - most);
      channel.position(skipped);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      if (skipped > 0) {
        lines.line("[" + skipped + " bytes before this are not kept]");
        skipLine(reader);
      }
      for (String line = line(reader); line != null; line = line(reader)) {
        lines.line(line);
      }
    }
  }

  /** A part of a line could hold the end of a secret that isn't known by it. */
  private static void skipLine(BufferedReader reader) throws IOException {
    int c = reader.read();
    while (c >= 0 && c != '\n') {
      c = reader.read();
    }
  }

  private static @org.jspecify.annotations.Nullable String line(BufferedReader reader)
      throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() < LONGEST_LINE) {
        line.append((char) c);
      }
    }
    if (line.length() == LONGEST_LINE) {
      return "[a line of more than a million characters is not kept]";
    }
    return line.toString().stripTrailing();
  }
}
