package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the dump to go back to. */
@ActionInfo(
    name = "postgres.findBackup",
    summary = "Find the newest PostgreSQL dump that is whole",
    description =
        """
        Looks at the dumps in a directory, newest first, and takes the first that is whole and has the expected tables. One with a manifest, as `postgres.dump`
        writes it, is whole if its SHA-256 is the manifest's; one without is read and unpacked by `pg_restore` from beginning to end. A newer one that can't
        be used is listed under `rejected`, and `lossAgainstNewest` says what going further back costs.

        Age is counted from the snapshot that the manifest names; without a manifest, from when the file was last written to. Scripts in plain SQL can't be
        verified, and aren't looked at. No dump is changed.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class FindDump implements Action<FindDump.Input, FindDump.Output> {

  public record Input(
      @Doc("Where the dumps are. Directories in it that are no dumps are not entered.")
          Path directory,
      @Doc(
              value = "Which names are dumps, as glob patterns.",
              defaultValue = "['*.dump', '*.pgdump', '*.backup']")
          List<String> patterns,
      @Doc("The database whose dumps count. Any if absent.") @Nullable String database,
      @Doc("How old the dump may be. Any age if absent.") @Nullable Duration maxAge,
      @Doc(
              value = "Tables that the dump must have, as SCHEMA.TABLE; without a schema, public.",
              defaultValue = "[]")
          List<String> expectedTables,
      @Doc(
              value = "Whether a dump without a manifest counts, after all of it was read.",
              defaultValue = "true")
          boolean withoutManifest) {}

  public record Output(
      @Doc("The dump.") Path path,
      @Doc("The moment whose data it holds.") Instant takenAt,
      @Doc("Up to when its data is complete: `takenAt`.") Instant dataAsOf,
      @Doc(value = "How long ago that was.", reading = true) Duration age,
      @Doc("Its length.") ByteSize size,
      @Doc("Its SHA-256, hexadecimal.") String sha256,
      @Doc("The database that it is of.") String database,
      @Doc("The version of the server that it is of.") String serverVersion,
      @Doc("How many rows each table has, by SCHEMA.TABLE; absent if its manifest doesn't say.")
          @Nullable Map<String, Long> tables,
      @Doc("Newer dumps that can't be used, newest first.") List<Rejected> rejected,
      @Doc("How many of them there are.") int newerRejected,
      @Doc("How much older this is than the newest of them; zero if it is the newest.")
          Duration lossAgainstNewest) {}

  /** A dump that can't be used. */
  public record Rejected(
      @Doc("The dump.") Path path,
      @Doc("When it was taken.") Instant takenAt,
      @Doc("What is wrong with it.") String why) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Path directory = context.allowed(input.directory());
    Instant now = Instant.now();
    List<Rejected> rejected = new ArrayList<>();
    for (DumpCandidate candidate : DumpCandidate.in(directory, input.patterns())) {
      context.heartbeat("examining " + candidate.path().getFileName());
      Path unused = context.allowed(candidate.path());
      DumpCandidate.Examined examined = candidate.examine(input, context);
      if (examined.dump() != null) {
        Output found = found(candidate, examined.dump(), now, rejected);
        requireYoungEnough(found, input.maxAge());
        return found;
      }
      rejected.add(
          new Rejected(candidate.path(), candidate.takenAt(), String.valueOf(examined.why())));
    }
    throw none(directory, input.patterns(), now, rejected);
  }

  private static Output found(
      DumpCandidate candidate, Dump dump, Instant now, List<Rejected> rejected) throws IOException {
    Instant newest = rejected.isEmpty() ? candidate.takenAt() : rejected.get(0).takenAt();
    return new Output(
        candidate.path(),
        candidate.takenAt(),
        candidate.takenAt(),
        age(candidate.takenAt(), now),
        new ByteSize(Durable.size(candidate.path())),
        dump.sha256(),
        dump.archive().database(),
        dump.archive().server().text(),
        dump.rows().orElse(null),
        List.copyOf(rejected),
        rejected.size(),
        Duration.between(candidate.takenAt(), newest));
  }

  private static Duration age(Instant taken, Instant now) {
    Duration age = Duration.ofSeconds(Duration.between(taken, now).toSeconds());
    return age.isNegative() ? Duration.ZERO : age;
  }

  private static void requireYoungEnough(Output found, @Nullable Duration maxAge)
      throws ActionException {
    if (maxAge != null && found.age().compareTo(maxAge) > 0) {
      throw new ActionException(
          Kind.PERMANENT,
          "The newest dump that is whole is too old: "
              + found.path()
              + " is "
              + Sizes.text(found.age())
              + " old, and at most "
              + Sizes.text(maxAge)
              + " was asked for."
              + listed(found.rejected())
              + "Take a fresh one with postgres.dump, or raise maxAge if that loss is acceptable.");
    }
  }

  private static ActionException none(
      Path directory, List<String> patterns, Instant now, List<Rejected> rejected) {
    return new ActionException(
        Kind.PERMANENT,
        rejected.isEmpty()
            ? "There is no dump in "
                + directory
                + ": nothing is named like "
                + String.join(", ", patterns)
                + ". Correct the directory or the patterns, or, while the server answers, take one with postgres.dump."
            : "No dump in "
                + directory
                + " can be used, of "
                + rejected.size()
                + "; the newest is "
                + Sizes.text(age(rejected.get(0).takenAt(), now))
                + " old."
                + listed(rejected)
                + "Look for one elsewhere or, while the server answers, take one with postgres.dump.");
  }

  private static String listed(List<Rejected> rejected) {
    return rejected.isEmpty()
        ? " "
        : rejected.stream()
            .map(each -> "\n  " + each.path().getFileName() + ": " + each.why())
            .collect(Collectors.joining("", " Not usable:", "\n"));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Output found = run(input, context);
    List<Detail> details = new ArrayList<>();
    details.add(
        new Detail(
            Preview.Kind.NOTE,
            "Dump",
            List.of(
                found.path() + ", " + Sizes.text(found.size().bytes()),
                "of " + found.takenAt() + ", " + Sizes.text(found.age()) + " ago",
                "SHA-256 " + found.sha256())));
    if (!found.rejected().isEmpty()) {
      details.add(
          new Detail(
              Preview.Kind.LOSS,
              "Newer dumps that can't be used",
              Stream.concat(
                      found.rejected().stream()
                          .map(each -> each.path().getFileName() + ": " + each.why()),
                      Stream.of(
                          "Going further back costs "
                              + Sizes.text(found.lossAgainstNewest())
                              + "."))
                  .toList()));
    }
    return new Preview("Would go back to " + found.path(), false, details, found);
  }
}
