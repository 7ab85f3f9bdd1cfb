package dev.backout.action.logs;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.LineSearch;
import dev.backout.action.Preview;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Counts the lines of a log that match, and fails if there are too many. */
@ActionInfo(
    name = "logs.scan",
    summary = "Look for lines in log files, and fail if there are too many",
    description =
        """
        Reads a log and what rotation left of it (`NAME.1`, `NAME.2.gz`, `NAME-20260301`), the oldest
        first, and counts the lines that match a pattern. More of them than `maxMatches` fail the step,
        which shows the first few.

        With `since` or `last`, only lines from then on count. Times are found at the beginning of lines
        (`2026-03-01T10:00:00.123Z`, `2026-03-01 10:00:00,123`); a line without one, such as a stack trace's,
        belongs to the line before it. Lines before the first time in a file can't be placed and
        count, so that nothing is overlooked; `undated` says how many there were.

        Patterns are RE2's: as in most languages, without back references and look-around, so that no
        line can make one slow.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class ScanLog implements Action<ScanLog.Input, ScanLog.Output> {

  public record Input(
      @Doc("The log. Its name may be a glob pattern, such as `logs/*.log`.") Path file,
      @Doc("What to look for anywhere in a line: a regular expression.") String pattern,
      @Doc("Lines that match this too don't count.") @Nullable String ignore,
      @Doc("Only lines from then on.") @Nullable Instant since,
      @Doc("Only lines from so long ago on.") @Nullable Duration last,
      @Doc("Only so many lines at the end.") @Nullable Long lines,
      @Doc(value = "How many lines may match.", defaultValue = "0") long maxMatches,
      @Doc(value = "Whether what rotation left is read too.", defaultValue = "true")
          boolean rotated,
      @Doc(
              "The time zone of times that name none, such as `Europe/Vienna`. The worker's, if absent.")
          @Nullable String timeZone,
      @Doc(value = "How many of the lines that match are shown.", defaultValue = "5")
          int samples) {}

  public record Output(
      @Doc("How many lines match.") long matches,
      @Doc("The first of them, cut after 300 characters, secrets masked.") List<String> samples,
      @Doc(value = "How many lines were looked at.", reading = true) long linesScanned,
      @Doc(
              value =
                  "How many of them could not be placed in time; zero without `since` or `last`.",
              reading = true)
          long undated,
      @Doc("The files that were read, the oldest first.") List<Path> files) {}

  @Override
  public Output run(Input input, ActionContext context) throws IOException, ActionException {
    LineSearch search = search(input, context);
    Output output = scan(input, search, context);
    search.requireAtMost(input.maxMatches(), input.file().toString(), null);
    return output;
  }

  private static LineSearch search(Input input, ActionContext context) throws ActionException {
    return LineSearch.of(input.pattern(), input.ignore(), input.samples(), context);
  }

  private static Output scan(Input input, LineSearch search, ActionContext context)
      throws IOException, ActionException {
    Instant since = LineSearch.since(input.since(), input.last());
    Scan scan = new Scan(search, since, new Timestamps(zone(input.timeZone())), context);
    List<Path> files = new ArrayList<>();
    for (Path file : LogFiles.find(context.allowed(input.file()), input.rotated(), since)) {
      files.add(context.allowed(file));
    }
    for (LastLines.Start start : starts(files, input.lines())) {
      read(scan, start);
    }
    return scan.output(files);
  }

  private static void read(Scan scan, LastLines.Start start) throws IOException, ActionException {
    try {
      scan.read(start);
    } catch (ZipException | EOFException e) {
      throw new ActionException(
          Kind.PERMANENT,
          start.file()
              + " is a damaged gzip file, so what it says can't be known: "
              + e.getMessage()
              + ". Move it away, or set rotated to false.",
          e);
    }
  }

  private static List<LastLines.Start> starts(List<Path> files, @Nullable Long lines)
      throws IOException {
    return lines == null
        ? files.stream().map(file -> new LastLines.Start(file, 0, 0)).toList()
        : LastLines.of(files, lines);
  }

  private static ZoneId zone(@Nullable String name) throws ActionException {
    try {
      return name == null ? ZoneId.systemDefault() : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "timeZone is not known: " + name + ". Write one such as Europe/Vienna or +02:00.",
          e);
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws IOException, ActionException {
    LineSearch search = search(input, context);
    return search.preview(input.maxMatches(), scan(input, search, context));
  }
}
