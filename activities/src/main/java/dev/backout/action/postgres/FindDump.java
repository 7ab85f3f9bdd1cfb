package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Amounts;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.RejectedBackup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      @Doc("Newer dumps that can't be used, newest first.") List<RejectedBackup> rejected,
      @Doc("How many of them there are.") int newerRejected,
      @Doc("How much older this is than the newest of them; zero if it is the newest.")
          Duration lossAgainstNewest) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Path directory = context.allowed(input.directory());
    Instant now = Instant.now();
    List<RejectedBackup> rejected = new ArrayList<>();
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
          new RejectedBackup(
              candidate.path(), candidate.takenAt(), String.valueOf(examined.why())));
    }
    throw none(directory, input.patterns(), now, rejected);
  }

  private static Output found(
      DumpCandidate candidate, Dump dump, Instant now, List<RejectedBackup> rejected)
      throws IOException {
    Instant newest = rejected.isEmpty() ? candidate.takenAt() : rejected.get(0).takenAt();
    return new Output(
        candidate.path(),
        candidate.takenAt(),
        candidate.takenAt(),
        Amounts.age(candidate.takenAt(), now),
        new ByteSize(Durable.size(candidate.path())),
        dump.sha256(),
        dump.archive().database(),
        dump.archive().server().text(),
        dump.rows().orElse(null),
        List.copyOf(rejected),
        rejected.size(),
        Duration.between(candidate.takenAt(), newest));
  }

  private static void requireYoungEnough(Output found, @Nullable Duration maxAge)
      throws ActionException {
    if (maxAge != null && found.age().compareTo(maxAge) > 0) {
      throw new ActionException(
          Kind.PERMANENT,
          "The newest dump that is whole is too old: "
              + found.path()
              + " is "
              + Amounts.text(found.age())
              + " old, and at most "
              + Amounts.text(maxAge)
              + " was asked for."
              + RejectedBackup.listed(found.rejected())
              + "Take a fresh one with postgres.dump, or raise maxAge if that loss is acceptable.");
    }
  }

  private static ActionException none(
      Path directory, List<String> patterns, Instant now, List<RejectedBackup> rejected) {
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
                + Amounts.text(Amounts.age(rejected.get(0).takenAt(), now))
                + " old."
                + RejectedBackup.listed(rejected)
                + "Look for one elsewhere or, while the server answers, take one with postgres.dump.");
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
                found.path() + ", " + Amounts.text(found.size().bytes()),
                "of " + found.takenAt() + ", " + Amounts.text(found.age()) + " ago",
                "SHA-256 " + found.sha256())));
    if (!found.rejected().isEmpty()) {
      details.add(
          RejectedBackup.detail(
              "Newer dumps that can't be used", found.rejected(), found.lossAgainstNewest()));
    }
    return new Preview("Would go back to " + found.path(), false, details, found);
  }
}
