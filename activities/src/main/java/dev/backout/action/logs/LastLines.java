package dev.backout.action.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Where the last lines of a log begin, over all of its files. */
final class LastLines {
  private static final int BLOCK = 1 << 16;

  private LastLines() {}

  /**
   * Where to begin in one file.
   *
   * @param bytes to pass over, of a file that isn't compressed
   * @param lines to pass over then
   */
  record Start(Path file, long bytes, long lines) {}

  /**
   * The files that hold the last lines, and where in them those begin.
   *
   * @param files the oldest first
   */
  static List<Start> of(List<Path> files, long wanted) throws IOException {
    Deque<Start> starts = new ArrayDeque<>();
    long missing = wanted;
    for (int i = files.size() - 1; i >= 0 && missing > 0; i--) {
      Path file = files.get(i);
      missing -=
          LineReader.isCompressed(file)
              ? fromCounting(file, missing, starts)
              : fromBehind(file, missing, starts);
    }
    return List.copyOf(starts);
  }

  private static long fromCounting(Path file, long wanted, Deque<Start> starts) throws IOException {
    long lines = 0;
    try (LineReader reader = LineReader.open(file)) {
      while (reader.next() != null) {
        lines++;
      }
    }
    starts.addFirst(new Start(file, 0, Math.max(0, lines - wanted)));
    return Math.min(lines, wanted);
  }

  /** Reads backwards until enough line ends were seen, so that a huge log costs no more. */
  private static long fromBehind(Path file, long wanted, Deque<Start> starts) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      long lines = 0;
      for (long upTo = size; upTo > 0; ) {
        long from = Math.max(0, upTo - BLOCK);
        read(channel, block.clear().limit((int) (upTo - from)), from);
        for (int i = block.limit() - 1; i >= 0; i--) {
          // The end of the last line begins none.
          if (block.get(i) == '\n' && from + i < size - 1 && ++lines == wanted) {
            starts.addFirst(new Start(file, from + i + 1, 0));
            return wanted;
          }
        }
        upTo = from;
      }
      starts.addFirst(new Start(file, 0, 0));
      return size == 0 ? 0 : lines + 1;
    }
  }

  private static void read(FileChannel channel, ByteBuffer block, long from) throws IOException {
    while (block.hasRemaining()) {
      if (channel.read(block, from + block.position()) < 0) {
        block.limit(block.position());
      }
    }
  }
}
