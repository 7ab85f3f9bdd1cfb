package dev.backout.action.compose;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.program.ComposeProject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the lines that match in what containers have written. */
@ActionInfo(
    name = "compose.logs",
    summary =
        "Look for lines in what a Compose project's containers have written, and fail if there are too many",
    description =
        """
        As `logs.scan` does with files. The first 16 MiB that were looked at are kept as evidence, secrets masked; all of it is
        looked at, however much there is. A container that was made anew has only what it has written itself: the
        logs of the former one are gone with it.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class ScanServiceLogs
    implements Action<ScanServiceLogs.Input, ScanServiceLogs.Output> {
  private static final Duration READING = Duration.ofMinutes(15);
  private static final int LONGEST_SAMPLE = 300;

  public record Input(
      @Doc("The directory of the Compose project, on the worker.") Path project,
      @Doc("What to look for anywhere in a line: a regular expression of RE2.") String pattern,
      @Doc(value = "The services. All if empty.", defaultValue = "[]") List<String> services,
      @Doc("Lines that match this too don't count.") @Nullable String ignore,
      @Doc("Only lines from then on.") @Nullable Instant since,
      @Doc("Only lines from so long ago on.") @Nullable Duration last,
      @Doc("Only so many lines at the end of each container's.") @Nullable Long lines,
      @Doc(value = "How many lines may match.", defaultValue = "0") long maxMatches,
      @Doc(value = "How many of the lines that match are shown.", defaultValue = "5") int samples,
      @Doc(
              value =
                  "Its Compose files, relative to `project`. Those that Compose finds by itself if empty.",
              defaultValue = "[]")
          List<Path> files,
      @Doc("Its env file, relative to `project`. `.env` if absent.") @Nullable Path envFile) {}

  public record Output(
      @Doc("How many lines match.") long matches,
      @Doc("The first of them, cut after 300 characters, secrets masked.") List<String> samples,
      @Doc("How many lines were looked at.") long linesScanned,
      @Doc("The first 16 MiB of them, on the worker.") Path log) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Output output = scan(input, context);
    if (output.matches() > input.maxMatches()) {
      throw new ActionException(
          Kind.PERMANENT,
          output.matches()
              + " lines of "
              + (input.services().isEmpty()
                  ? "the containers"
                  : String.join(", ", input.services()))
              + " match /"
              + input.pattern()
              + "/, at most "
              + input.maxMatches()
              + " expected, of "
              + output.linesScanned()
              + " looked at. The first:\n  "
              + String.join("\n  ", output.samples())
              + "\nThe log: "
              + output.log());
    }
    return output;
  }

  private static Output scan(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    List<String> services = Configuration.of(project, context).require(input.services());
    Counter counter =
        new Counter(
            pattern("pattern", input.pattern()),
            input.ignore() == null ? null : pattern("ignore", input.ignore()),
            input.samples());
    List<String> words = new ArrayList<>(List.of("logs", "--no-color"));
    String since = since(input);
    if (since != null) {
      words.addAll(List.of("--since", since));
    }
    if (input.lines() != null) {
      words.addAll(List.of("--tail", input.lines().toString()));
    }
    words.addAll(services);
    Path log = project.act(words, READING, "logs.txt", counter::line, context).log();
    return counter.output(log);
  }

  private static @Nullable String since(Input input) throws ActionException {
    if (input.since() != null && input.last() != null) {
      throw new ActionException(
          Kind.INVALID_INPUT, "since and last both say where to begin. Give one of them.");
    }
    Instant since = input.last() == null ? input.since() : Instant.now().minus(input.last());
    return since == null ? null : since.toString();
  }

  private static Pattern pattern(String input, String pattern) throws ActionException {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          input + " is not a regular expression that RE2 knows: " + e.getMessage() + ".",
          e);
    }
  }

  /** Lines come from the thread that reads them, and are asked for after it has ended. */
  private static final class Counter {
    private final Pattern pattern;
    private final @Nullable Pattern ignore;
    private final int samples;
    private final List<String> shown = new ArrayList<>();
    private long lines;
    private long matches;

    Counter(Pattern pattern, @Nullable Pattern ignore, int samples) {
      this.pattern = pattern;
      this.ignore = ignore;
      this.samples = samples;
    }

    synchronized Output output(Path log) {
      return new Output(matches, List.copyOf(shown), lines, log);
    }

    synchronized void line(String line) {
      lines++;
      if (pattern.matcher(line).find() && (ignore == null || !ignore.matcher(line).find())) {
        matches++;
        if (shown.size() < samples) {
          shown.add(line.substring(0, Math.min(LONGEST_SAMPLE, line.length())));
        }
      }
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Output output = scan(input, context);
    boolean tooMany = output.matches() > input.maxMatches();
    return new Preview(
        output.matches() + " of " + output.linesScanned() + " lines match now",
        false,
        output.samples().isEmpty()
            ? List.of()
            : List.of(
                new Detail(
                    tooMany ? Preview.Kind.PROBLEM : Preview.Kind.NOTE,
                    "Lines that match",
                    output.samples())),
        output);
  }
}
