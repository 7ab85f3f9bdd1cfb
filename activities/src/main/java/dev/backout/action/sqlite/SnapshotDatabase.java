package dev.backout.action.sqlite;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Amounts;
import dev.backout.action.ByteSize;
import dev.backout.action.Disk;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.RunLabel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Takes a backup of a database, in use or not. */
@ActionInfo(
    name = "sqlite.snapshot",
    summary = "Copy a SQLite database consistently, also while it is in use",
    description =
        """
        The copy is made by SQLite's own backup within one read transaction, so it is the database as
        it was at one instant. It is verified, made durable and then takes its name, in one rename:
        a file of that name is always a whole backup.

        A destination that exists is never overwritten. If it is byte for byte what would be written, the
        action is done; otherwise it fails.
        """,
    repeatable = Repeatable.SAFE,
    because = "It never overwrites a file, and leaves the database as it is.",
    nothingToUndo = true)
public final class SnapshotDatabase
    implements Action<SnapshotDatabase.Input, SnapshotDatabase.Output> {

  public record Input(
      @Doc("The database.") Path database,
      @Doc("The file to write. Its directory must exist.") Path destination,
      @Doc(
              value =
                  "How thoroughly the copy is read before it takes its name: `quick` or `full`.",
              defaultValue = "quick")
          Check check) {}

  public record Output(
      @Doc("The copy.") Path path,
      @Doc("When it was taken.") Instant takenAt,
      @Doc("Its length.") ByteSize size,
      @Doc("Its SHA-256; hexadecimal.") String sha256,
      @Doc("How long it took.") Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    long start = System.nanoTime();
    Path database = context.allowed(input.database());
    Path destination = context.allowed(input.destination());
    require(database, destination);
    Path partial = partial(destination, context);
    Files.deleteIfExists(partial);
    try {
      Files.createFile(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Instant takenAt = Instant.now();
      copy(database, partial, context);
      verify(partial, input.check(), context);
      Files.setPosixFilePermissions(partial, Files.getPosixFilePermissions(database));
      Disk.sync(partial);
      String sha256 = FollowingHash.of(partial);
      publish(partial, destination, sha256);
      return new Output(
          destination,
          takenAt,
          new ByteSize(Files.size(destination)),
          sha256,
          Duration.ofNanos(System.nanoTime() - start));
    } finally {
      Sidecars.delete(partial);
      Files.deleteIfExists(partial);
    }
  }

  private static void require(Path database, Path destination) throws IOException, ActionException {
    if (!Files.isRegularFile(database)) {
      throw new ActionException(
          Kind.INVALID_INPUT, "There is no database " + database + ". Correct the path.");
    }
    if (!Files.isDirectory(Disk.directoryOf(destination))) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "There is no directory "
              + Disk.directoryOf(destination)
              + " to write the copy to. Make it.");
    }
    Disk.requireSpace(Disk.directoryOf(destination), Files.size(database), "A copy of " + database);
  }

  private static void copy(Path database, Path partial, ActionContext context)
      throws IOException, ActionException {
    try (Reading reading = Reading.of(database, context)) {
      reading.copyTo(partial, context);
    } catch (SQLException e) {
      throw new ActionException(
          Connections.isBusy(e) ? Kind.TRANSIENT : Kind.PERMANENT,
          "Could not copy " + database + ": " + e.getMessage() + ". No file was written.",
          e);
    }
  }

  private static void verify(Path partial, Check check, ActionContext context)
      throws IOException, SQLException, ActionException {
    try (Reading reading = Reading.ofFile(partial, context)) {
      List<String> problems = reading.problems(check);
      if (!problems.isEmpty()) {
        throw new ActionException(
            Kind.PERMANENT,
            "The database is damaged, and so would its copy be: "
                + String.join("; ", problems)
                + ". No file was written.");
      }
    }
  }

  private static void publish(Path partial, Path destination, String sha256)
      throws IOException, ActionException {
    if (Files.exists(destination)) {
      if (!Files.isRegularFile(destination) || !FollowingHash.of(destination).equals(sha256)) {
        throw new ActionException(
            Kind.PERMANENT,
            destination
                + " exists and is something else than this copy. It was left as it is:"
                + " choose another name, for example with the run's id in it.");
      }
      return;
    }
    Files.move(partial, destination, StandardCopyOption.ATOMIC_MOVE);
    Disk.syncDirectory(Disk.directoryOf(destination));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws IOException, ActionException {
    Path database = context.allowed(input.database());
    Path destination = context.allowed(input.destination());
    require(database, destination);
    List<Detail> details =
        Files.exists(destination)
            ? List.of(
                new Detail(
                    Preview.Kind.PROBLEM,
                    "Destination",
                    List.of(destination + " exists; it would not be overwritten.")))
            : List.of();
    return new Preview(
        "Would copy "
            + database
            + " ("
            + Amounts.text(Files.size(database))
            + ") to "
            + destination,
        true,
        details,
        null);
  }

  private static Path partial(Path destination, ActionContext context) {
    return destination.resolveSibling(
        "." + destination.getFileName() + ".partial-" + RunLabel.of(context));
  }
}
