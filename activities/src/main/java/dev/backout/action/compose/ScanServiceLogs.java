package dev.backout.action.compose;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.LineSearch;
import dev.backout.action.Preview;
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
      @Doc(value = "How many lines were looked at.", reading = true) long linesScanned,
      @Doc(value = "The first 16 MiB of them, on the worker.", reading = true) Path log) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    LineSearch search = search(input, context);
    Output output = scan(input, search, context);
    search.requireAtMost(
        input.maxMatches(),
        input.services().isEmpty() ? "the containers" : String.join(", ", input.services()),
        output.log());
    return output;
  }

  private static LineSearch search(Input input, ActionContext context) throws ActionException {
    return LineSearch.of(input.pattern(), input.ignore(), input.samples(), context);
  }

  private static Output scan(Input input, LineSearch search, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    ComposeProject project =
        ComposeProject.at(input.project(), input.files(), input.envFile(), context);
    List<String> services = Configuration.of(project, context).require(input.services());
    List<String> words = new ArrayList<>(List.of("logs", "--no-color"));
    Instant since = LineSearch.since(input.since(), input.last());
    if (since != null) {
      words.addAll(List.of("--since", since.toString()));
    }
    if (input.lines() != null) {
      words.addAll(List.of("--tail", input.lines().toString()));
    }
    words.addAll(services);
    Path log = project.act(words, READING, "logs.txt", search::look, context).log();
    return new Output(search.matches(), search.samples(), search.lines(), log);
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    LineSearch search = search(input, context);
    return search.preview(input.maxMatches(), scan(input, search, context));
  }
}
