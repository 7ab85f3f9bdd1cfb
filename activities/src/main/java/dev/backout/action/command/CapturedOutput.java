package dev.backout.action.command;

import dev.backout.action.TextFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * What a program writes, read as it comes so that the program never waits for a reader; masked line
 * by line before it reaches the disk. However much it is, it takes no more memory than a few times
 * 16 MiB.
 */
final class CapturedOutput {
  private static final int LONGEST = 16 << 20;
  private static final int TAIL = 4_000;
  private static final long END_MILLIS = 5_000;
  private static final long QUIET_MILLIS = 500;

  private final Path file;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder end = new StringBuilder();
  private final MaskedLines lines;
  private final Thread reader;
  private boolean full;
  private boolean finished;
  private volatile long lastRead = System.nanoTime();

  private CapturedOutput(InputStream stream, Path file, UnaryOperator<String> mask) {
    this.file = file;
    this.lines = new MaskedLines(mask, this::append);
    this.reader = new Thread(() -> read(stream), "backout-command-output");
    reader.setDaemon(true);
  }

  static CapturedOutput of(InputStream stream, Path file, UnaryOperator<String> mask) {
    CapturedOutput output = new CapturedOutput(stream, file, mask);
    output.reader.start();
    return output;
  }

  private void read(InputStream stream) {
    char[] some = new char[8192];
    try (Reader characters = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      for (int count = characters.read(some); count >= 0; count = characters.read(some)) {
        lines.add(some, count);
        lastRead = System.nanoTime();
      }
    } catch (IOException e) {
      // The end of the program closes its output, also while it is read here: no failure of its
      // own.
    }
    lines.end();
  }

  private synchronized void append(String line) {
    if (finished) {
      return;
    }
    end.append(line).append('\n');
    end.delete(0, Math.max(0, end.length() - TAIL));
    if (!full && text.length() + line.length() < LONGEST) {
      text.append(line).append('\n');
    } else if (!full) {
      full = true;
      text.append("[what came after 16 MiB was not kept]\n");
    }
  }

  /**
   * Call it after the program's end. A child that has inherited the output may keep it open and go
   * on writing: it is waited for only as long as something still comes, and what it writes later is
   * not kept.
   */
  void finish() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + END_MILLIS * 1_000_000;
    lastRead = System.nanoTime();
    while (reader.isAlive() && System.nanoTime() < deadline && !isQuiet()) {
      reader.join(10);
    }
    Files.writeString(file, close());
  }

  private boolean isQuiet() {
    return System.nanoTime() - lastRead > QUIET_MILLIS * 1_000_000;
  }

  private synchronized String close() {
    finished = true;
    return text.toString();
  }

  Path file() {
    return file;
  }

  String sha256() {
    return TextFile.sha256(whole());
  }

  String tail() {
    return end().strip();
  }

  private synchronized String end() {
    return end.toString();
  }

  private synchronized String whole() {
    return text.toString();
  }
}
