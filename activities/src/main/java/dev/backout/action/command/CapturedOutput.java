package dev.backout.action.command;

import dev.backout.action.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a program writes, read as it comes so that the program never waits for a reader; masked line
 * by line before it reaches the disk.
 */
final class CapturedOutput {
  private static final int LONGEST = 16 << 20;
  private static final int TAIL = 4_000;
  private static final long END_MILLIS = 5_000;

  private final Path file;
  private final UnaryOperator<String> mask;
  private final StringBuilder text = new StringBuilder();
  private final Thread reader;
  private volatile @Nullable UncheckedIOException failure;

  private CapturedOutput(InputStream stream, Path file, UnaryOperator<String> mask) {
    this.file = file;
    this.mask = mask;
    this.reader = new Thread(() -> read(stream), "backout-command-output");
    reader.setDaemon(true);
  }

  static CapturedOutput of(InputStream stream, Path file, UnaryOperator<String> mask) {
    CapturedOutput output = new CapturedOutput(stream, file, mask);
    output.reader.start();
    return output;
  }

  private void read(InputStream stream) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        append(mask.apply(line));
      }
    } catch (IOException e) {
      failure = new UncheckedIOException(e);
    }
  }

  private synchronized void append(String line) {
    if (text.length() < LONGEST) {
      text.append(line).append('\n');
    }
  }

  /**
   * A child that has inherited the output may keep it open after the program's end: it isn't waited
   * for.
   */
  void finish() throws IOException, InterruptedException {
    reader.join(END_MILLIS);
    UncheckedIOException broken = failure;
    if (broken != null) {
      throw broken.getCause();
    }
    Files.writeString(file, whole());
  }

  Path file() {
    return file;
  }

  String sha256() {
    return TextFile.sha256(whole());
  }

  String tail() {
    String whole = whole();
    return whole.substring(Math.max(0, whole.length() - TAIL)).strip();
  }

  private synchronized String whole() {
    return text.toString();
  }
}
