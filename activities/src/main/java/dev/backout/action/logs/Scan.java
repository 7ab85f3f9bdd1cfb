package dev.backout.action.logs;

import com.google.re2j.Pattern;
import dev.backout.action.ActionContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has been seen so far while a log is read from its oldest line to its newest. */
final class Scan {
  private static final int LINES_BETWEEN_HEARTBEATS = 10_000;
  private static final int SHOWN = 300;

  private final Pattern pattern;
  private final @Nullable Pattern ignore;
  private final @Nullable Instant since;
  private final Timestamps timestamps;
  private final int samplesWanted;
  private final ActionContext context;

  private final List<String> samples = new ArrayList<>();
  private long matches;
  private long scanned;
  private long undated;
  private long read;

  Scan(
      Pattern pattern,
      @Nullable Pattern ignore,
      @Nullable Instant since,
      Timestamps timestamps,
      int samplesWanted,
      ActionContext context) {
    this.pattern = pattern;
    this.ignore = ignore;
    this.since = since;
    this.timestamps = timestamps;
    this.samplesWanted = samplesWanted;
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
    scanned++;
    if (since != null && when == null) {
      undated++;
    }
    if (pattern.matcher(line).find() && (ignore == null || !ignore.matcher(line).find())) {
      matches++;
      if (samples.size() < samplesWanted) {
        samples.add(sample(line));
      }
    }
  }

  /** Masked before it is cut, so that no half of a secret is left at the end. */
  private String sample(String line) {
    String masked = context.mask(line);
    return masked.length() > SHOWN ? masked.substring(0, SHOWN) + "…" : masked;
  }

  private void beat(Path file) {
    if (read++ % LINES_BETWEEN_HEARTBEATS == 0) {
      context.heartbeat("line " + read + ", in " + file.getFileName());
    }
  }

  ScanLog.Output output(List<Path> files) {
    return new ScanLog.Output(matches, List.copyOf(samples), scanned, undated, List.copyOf(files));
  }
}
