package dev.backout.action.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Reads what a program writes, so that it isn't held up, and keeps the end of it. */
final class LastWords {
  private static final int KEPT = 4096;
  private static final int SHOWN = 300;
  private static final long PATIENCE_MILLIS = 500;

  private final byte[] ring = new byte[KEPT];
  private final Thread reader;
  private long count;

  private LastWords(InputStream from) {
    reader = new Thread(() -> read(from), "backout-notify-output");
    reader.setDaemon(true);
  }

  static LastWords of(InputStream from) {
    LastWords words = new LastWords(from);
    words.reader.start();
    return words;
  }

  private void read(InputStream from) {
    byte[] buffer = new byte[KEPT];
    try (from) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        keep(buffer, n);
      }
    } catch (IOException e) {
      // It is gone, and with it what it might have said.
    }
  }

  private synchronized void keep(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      ring[(int) (count++ % KEPT)] = bytes[i];
    }
  }

  /** {@code ": …"} of an ended program's last words, or a full stop if it said none. */
  String said(UnaryOperator<String> mask) throws InterruptedException {
    // What it has left running may hold the pipe for ever.
    reader.join(PATIENCE_MILLIS);
    String all = mask.apply(text()).replaceAll("\\s+", " ").strip();
    String last = all.length() > SHOWN ? "…" + all.substring(all.length() - SHOWN) : all;
    return last.isEmpty() ? "." : ": " + last;
  }

  private synchronized String text() {
    int length = (int) Math.min(count, KEPT);
    byte[] kept = new byte[length];
    for (int i = 0; i < length; i++) {
      kept[i] = ring[(int) ((count - length + i) % KEPT)];
    }
    return new String(kept, StandardCharsets.UTF_8);
  }
}
