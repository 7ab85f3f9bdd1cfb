package dev.backout.action.program;

import dev.backout.action.PrivateFiles;
import dev.backout.action.Sha256;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a program writes, written on to a file as it comes, so that the program never waits for a
 * reader and the file has it also if the worker dies; masked line by line before it reaches the
 * disk. However much it is, only the first 16 MiB are kept, and its end.
 */
final class CapturedOutput {
  private static final int LONGEST = 16 << 20;
  private static final int TAIL = 4_000;
  private static final long END_MILLIS = 5_000;
  private static final long QUIET_MILLIS = 500;

  private final Path file;
  private final Consumer<String> listener;
  private final BufferedWriter writer;
  private final MessageDigest digest;
  private final StringBuilder end = new StringBuilder();
  private final MaskedLines lines;
  private final Thread reader;
  private long length;
  private boolean full;
  private boolean finished;
  private @Nullable IOException failure;
  private volatile long lastRead = System.nanoTime();

  private CapturedOutput(
      InputStream stream, Path file, UnaryOperator<String> mask, Consumer<String> listener)
      throws IOException {
    this.listener = listener;
    this.file = file;
    this.writer = Files.newBufferedWriter(PrivateFiles.create(file));
    this.digest = Sha256.digest();
    this.lines = new MaskedLines(mask, this::append);
    this.reader = new Thread(() -> read(stream), "backout-program-output");
    reader.setDaemon(true);
  }

  /**
   * @param listener hears each line, masked
   * @throws IOException if the file can't be made; the stream isn't read then
   */
  static CapturedOutput of(
      InputStream stream, Path file, UnaryOperator<String> mask, Consumer<String> listener)
      throws IOException {
    CapturedOutput output = new CapturedOutput(stream, file, mask, listener);
    output.reader.start();
    return output;
  }

  private void read(InputStream stream) {
    char[] some = new char[8192];
    try (Reader characters = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
      for (int count = characters.read(some); count >= 0; count = characters.read(some)) {
        lines.add(some, count);
        flush();
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
    listener.accept(line);
    end.append(line).append('\n');
    end.delete(0, Math.max(0, end.length() - TAIL));
    if (!full && length + line.length() < LONGEST) {
      write(line + "\n");
    } else if (!full) {
      full = true;
      write("[what came after 16 MiB was not kept]\n");
    }
  }

  /** A full disk must not keep the program waiting: it is told at the end. */
  private void write(String text) {
    if (failure != null) {
      return;
    }
    length += text.length();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    try {
      writer.write(text);
    } catch (IOException e) {
      failure = e;
    }
  }

  private synchronized void flush() {
    if (failure != null || finished) {
      return;
    }
    try {
      writer.flush();
    } catch (IOException e) {
      failure = e;
    }
  }

  /**
   * Call it after the program's end. A child that has inherited the output may keep it open and go
   * on writing: it is waited for only as long as something still comes, and what it writes later is
   * not kept.
   *
   * @throws IOException if the output could not be kept
   */
  void finish() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + END_MILLIS * 1_000_000;
    lastRead = System.nanoTime();
    while (reader.isAlive() && System.nanoTime() < deadline && !isQuiet()) {
      reader.join(10);
    }
    close();
  }

  private boolean isQuiet() {
    return System.nanoTime() - lastRead > QUIET_MILLIS * 1_000_000;
  }

  private synchronized void close() throws IOException {
    finished = true;
    try {
      writer.close();
    } catch (IOException e) {
      failure = failure == null ? e : failure;
    }
    if (failure != null) {
      throw failure;
    }
  }

  Path file() {
    return file;
  }

  /** Of the file; call it once, after {@link #finish}. */
  String sha256() {
    return Sha256.of(digest);
  }

  synchronized String tail() {
    return end.toString().strip();
  }
}
