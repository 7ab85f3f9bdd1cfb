package dev.backout.action.logs;

import dev.backout.action.ActionContext;
import dev.backout.action.LineSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has been seen so far while a log is read from its oldest line to its newest. */
final class Scan {
  private static final int LINES_BETWEEN_HEARTBEATS = 10_000;

  private final LineSearch search;
  private final @Nullable Instant since;
  private final Timestamps timestamps;
  private final ActionContext context;

  private long undated;
  private long read;

  Scan(LineSearch search, @Nullable Instant since, Timestamps timestamps, ActionContext context) {
    this.search = search;
    this.since = since;
    this.timestamps = timestamps;
    this.context = context;
  }

  void read(LastLines.Start start) throws IOException {
    try (LineReader reader =
        start.bytes() == 0
            ? LineReader.open(start.file())
            : LineReader.openAt(start.file(), start.bytes())) {
      for (long i = 0; i < start.lines(); i++) {
        beat(start.file());
        reader.next();
      }
      Instant when = null;
      for (String line = reader.next(); line != null; line = reader.next()) {
        beat(start.file());
        when = since == null ? null : timeOf(line, when);
        look(line, when);
      }
    }
  }

  /** A line without a time is of the same time as the one before it. */
  private @Nullable Instant timeOf(String line, @Nullable Instant before) {
    Instant own = timestamps.of(line);
    return own == null ? before : own;
  }

  private void look(String line, @Nullable Instant when) {
    if (since != null && when != null && when.isBefore(since)) {
      return;
    }
    if (since != null && when == null) {
      undated++;
    }
    search.look(line);
  }

  private void beat(Path file) {
    if (read++ % LINES_BETWEEN_HEARTBEATS == 0) {
      context.heartbeat("line " + read + ", in " + file.getFileName());
    }
  }

  ScanLog.Output output(List<Path> files) {
    return new ScanLog.Output(
        search.matches(), search.samples(), search.lines(), undated, List.copyOf(files));
  }
}
