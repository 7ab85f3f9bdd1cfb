package dev.backout.action.sqlite;

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
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the backup to go back to. */
@ActionInfo(
    name = "sqlite.findBackup",
    summary = "Find the newest SQLite backup that is whole",
    description =
        """
        Looks at the backups in a directory, newest first, and takes the first that SQLite itself
        finds whole and that has the expected tables. The newest by name or date is not taken if it
        is damaged: it is listed under `rejected`, and `lossAgainstNewest` says what going further
        back costs.

        A backup's age is the time since its file was last written to. Copying a backup without
        keeping its time makes it look younger than its data.

        Gzip files are unpacked into the worker's temporary directory to be examined. A backup with a
        write-ahead log beside it is examined together with that, in a copy. No backup is changed.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads; copies that it makes to look inside are removed.")
public final class FindBackup implements Action<FindBackup.Input, FindBackup.Output> {

  public record Input(
      @Doc("Where the backups are. Directories in it are not entered.") Path directory,
      @Doc(
              value = "Which file names are backups, as glob patterns.",
              defaultValue =
                  "['*.db', '*.db.gz', '*.sqlite', '*.sqlite.gz', '*.sqlite3', '*.sqlite3.gz']")
          List<String> patterns,
      @Doc("How old the backup may be. Any age if absent.") @Nullable Duration maxAge,
      @Doc(value = "Tables that the backup must have.", defaultValue = "[]")
          List<String> expectedTables,
      @Doc(
              value =
                  "How thoroughly each is read: `quick` reads every page, `full` also compares each"
                      + " index with its table, and takes several times as long.",
              defaultValue = "quick")
          Check check) {}

  public record Output(
      @Doc("The backup.") Path path,
      @Doc("When it was written.") Instant takenAt,
      @Doc("Up to when its data is complete: taken to be `takenAt`.") Instant dataAsOf,
      @Doc(value = "How long ago that was.", reading = true) Duration age,
      @Doc("Its length as it is stored.") ByteSize size,
      @Doc("SHA-256 of its database, unpacked if it is compressed; hexadecimal.") String sha256,
      @Doc("Whether it is a gzip file.") boolean compressed,
      @Doc("Newer backups that can't be used, newest first.") List<RejectedBackup> rejected,
      @Doc("How many of them there are.") int newerRejected,
      @Doc("How much older this is than the newest of them; zero if it is the newest.")
          Duration lossAgainstNewest) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    Path directory = context.allowed(input.directory());
    Instant now = Instant.now();
    List<RejectedBackup> rejected = new ArrayList<>();
    for (Path path : candidates(directory, input.patterns())) {
      context.heartbeat("examining " + path.getFileName());
      BackupFile backup = BackupFile.of(context.allowed(path));
      Examination examination =
          Examination.of(backup, input.check(), input.expectedTables(), context);
      if (examination.sha256() != null) {
        Output found = found(backup, examination.sha256(), now, rejected);
        requireYoungEnough(found, input.maxAge());
        return found;
      }
      rejected.add(
          new RejectedBackup(path, backup.modified(), String.valueOf(examination.defect())));
    }
    throw none(directory, input.patterns(), now, rejected);
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    Output found = run(input, context);
    List<Detail> details = new ArrayList<>();
    details.add(
        new Detail(
            Preview.Kind.NOTE,
            "Backup",
            List.of(
                found.path() + ", " + Amounts.text(found.size().bytes()),
                "written at " + found.takenAt() + ", " + Amounts.text(found.age()) + " ago",
                "SHA-256 " + found.sha256())));
    if (!found.rejected().isEmpty()) {
      details.add(
          RejectedBackup.detail(
              "Newer backups that can't be used", found.rejected(), found.lossAgainstNewest()));
    }
    return new Preview("Would go back to " + found.path(), false, details, found);
  }

  private static Output found(
      BackupFile backup, String sha256, Instant now, List<RejectedBackup> rejected) {
    Instant newest = rejected.isEmpty() ? backup.modified() : rejected.get(0).takenAt();
    return new Output(
        backup.path(),
        backup.modified(),
        backup.modified(),
        Amounts.age(backup.modified(), now),
        new ByteSize(backup.size()),
        sha256,
        backup.compressed(),
        List.copyOf(rejected),
        rejected.size(),
        Duration.between(backup.modified(), newest));
  }

  private static void requireYoungEnough(Output found, @Nullable Duration maxAge)
      throws ActionException {
    if (maxAge != null && found.age().compareTo(maxAge) > 0) {
      throw new ActionException(
          Kind.PERMANENT,
          "The newest backup that is whole is too old: "
              + found.path()
              + " is "
              + Amounts.text(found.age())
              + " old, and at most "
              + Amounts.text(maxAge)
              + " was asked for."
              + RejectedBackup.listed(found.rejected())
              + "Take a fresh backup, or raise maxAge if that loss is acceptable.");
    }
  }

  private static ActionException none(
      Path directory, List<String> patterns, Instant now, List<RejectedBackup> rejected) {
    if (rejected.isEmpty()) {
      return new ActionException(
          Kind.PERMANENT,
          "There is no backup in "
              + directory
              + ": no file is named like "
              + String.join(", ", patterns)
              + ". Correct the directory or the patterns; or, while PostgreSQL has the data, build the database from it with sync.copy.");
    }
    return new ActionException(
        Kind.PERMANENT,
        "No backup in "
            + directory
            + " can be used, of "
            + rejected.size()
            + "; the newest is "
            + Amounts.text(Amounts.age(rejected.get(0).takenAt(), now))
            + " old."
            + RejectedBackup.listed(rejected)
            + "Look for a backup elsewhere; or, while PostgreSQL has the data, build the database from it with sync.copy.");
  }

  /** Newest first; of two of the same instant, the later name. */
  private static List<Path> candidates(Path directory, List<String> patterns)
      throws IOException, ActionException {
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "There is no directory " + directory + ". Name the one that holds the backups.");
    }
    List<PathMatcher> matchers =
        patterns.stream()
            .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
            .toList();
    List<Dated> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)
            && matchers.stream().anyMatch(matcher -> matcher.matches(file.getFileName()))) {
          found.add(new Dated(file, Files.getLastModifiedTime(file).toInstant()));
        }
      }
    }
    found.sort(Comparator.comparing(Dated::modified).thenComparing(Dated::path).reversed());
    return found.stream().map(Dated::path).toList();
  }

  private record Dated(Path path, Instant modified) {}
}
