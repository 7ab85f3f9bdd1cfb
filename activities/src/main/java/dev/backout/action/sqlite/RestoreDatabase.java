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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Replaces a database by a backup of it. */
@ActionInfo(
    name = "sqlite.restore",
    summary = "Replace a SQLite database by a backup",
    description =
        """
        The backup is written beside the database, made durable and verified, and only then takes its
        place, in one rename. Its `-wal`, `-shm` and `-journal` are dealt with before that: SQLite folds
        what they hold into the former database, which is kept beside as `NAME.before-RUN` and takes the
        mode and owner of the restored one.

        **Whenever the machine or the worker dies, the database is wholly the old one or wholly the
        new one.** This holds for every database that SQLite can open. One that it can't is kept too, with
        what SQLite left beside it; a crash can then leave it as unusable as it was, without its log.

        It is refused while any process has the database open, and when there is not enough space.
        Processes of other users are only seen by a worker that runs as root, or by the locks that they
        hold. Nothing may open the database while it is being replaced.

        With `sha256`, as `sqlite.findBackup` gives it, the hash of what was written is compared with it
        while it is being written: SQLite has read exactly these bytes before, and they need not be
        read again. Without it, SQLite reads what was written.
        """,
    repeatable = Repeatable.NEVER,
    because =
        "What an application has written since the first restore would be lost by a second one.")
public final class RestoreDatabase
    implements Action<RestoreDatabase.Input, RestoreDatabase.Output> {
  private final Consumer<Replacement.Stage> passed;

  public RestoreDatabase() {
    this(stage -> {});
  }

  RestoreDatabase(Consumer<Replacement.Stage> passed) {
    this.passed = passed;
  }

  /** What must hold before the former database is replaced. */
  public enum Verify {
    /** The bytes are those that `sha256` names. */
    HASH,
    /** SQLite reads every page and row; and `sha256` if it is given. */
    QUICK,
    /** Also each index with its table; and `sha256` if it is given. */
    FULL
  }

  public record Input(
      @Doc("The backup: a SQLite database, or one compressed by gzip.") Path backup,
      @Doc("The database to replace. Need not exist; its directory must.") Path database,
      @Doc("SHA-256 that the backup's database must have, unpacked; hexadecimal.")
          @Nullable String sha256,
      @Doc(
              "How it is verified before it takes its place: `hash` (needs `sha256`), `quick` or"
                  + " `full`. Without it, `hash` if `sha256` is given, else `quick`.")
          @Nullable Verify verify,
      @Doc("Up to when the backup's data is complete. When it was last written to, if absent.")
          @Nullable Instant takenAt,
      @Doc(value = "Whether the former database is kept beside the new one.", defaultValue = "true")
          boolean keepFormer,
      @Doc(
              value = "Whether to count rows before and after, which reads both databases.",
              defaultValue = "false")
          boolean countLoss) {

    Verification verification() throws ActionException {
      Verify chosen = verify != null ? verify : sha256 != null ? Verify.HASH : Verify.QUICK;
      if (chosen == Verify.HASH && sha256 == null) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            "verify is hash, and there is no sha256 to compare with. Give it, as"
                + " sqlite.findBackup does, or verify by quick.");
      }
      return switch (chosen) {
        case HASH -> new Verification(sha256, null);
        case QUICK -> new Verification(sha256, Check.QUICK);
        case FULL -> new Verification(sha256, Check.FULL);
      };
    }
  }

  public record Output(
      @Doc("The database.") Path database,
      @Doc("Its length now.") ByteSize size,
      @Doc("SHA-256 of what was written to it; hexadecimal.") String sha256,
      @Doc("Up to when its data is complete.") Instant dataAsOf,
      @Doc("Where the former database is; absent if there was none, or it was not to be kept.")
          @Nullable Path former,
      @Doc("At least how many rows fewer there are than before; absent if they were not counted.")
          @Nullable Long rowsLost,
      @Doc("How long it took.") Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    long start = System.nanoTime();
    Verification verification = input.verification();
    BackupFile backup = BackupFile.of(context.allowed(input.backup()));
    Path database = context.allowed(input.database());
    Map<String, Long> before = input.countLoss() ? rowsOf(database, context) : null;
    Restoration.Restored restored =
        new Restoration(backup, database, context, passed)
            .restore(verification, input.keepFormer());
    return new Output(
        database,
        new ByteSize(restored.copy().bytes()),
        restored.copy().sha256(),
        dataAsOf(input, backup),
        restored.former(),
        before == null ? null : new RowLoss(before, rowsOf(database, context)).total(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private static Instant dataAsOf(Input input, BackupFile backup) {
    return input.takenAt() != null ? input.takenAt() : backup.modified();
  }

  /** None where there is no database, or none that can be read: then there is nothing to lose. */
  private static Map<String, Long> rowsOf(Path database, ActionContext context)
      throws IOException, SQLException {
    if (!Files.isRegularFile(database)) {
      return Map.of();
    }
    try (Reading reading = Reading.of(database, context)) {
      return reading.rowCounts();
    } catch (SQLException e) {
      if (Connections.isDamage(e)) {
        return Map.of();
      }
      throw e;
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    input.verification();
    BackupFile backup = BackupFile.of(context.allowed(input.backup()));
    Path database = context.allowed(input.database());
    Restoration restoration = new Restoration(backup, database, context, passed);
    restoration.requireSensible();
    List<Detail> details = new ArrayList<>();
    details.add(describe(backup, dataAsOf(input, backup)));
    details.add(formerFate(database, input.keepFormer()));
    Long rowsLost = loss(backup, database, context, details);
    details.addAll(restoration.obstacles());
    return new Preview(
        "Would replace " + database + " by " + backup.path(),
        true,
        details,
        new Foreseen(database, dataAsOf(input, backup), rowsLost));
  }

  /** What is known of the output beforehand. */
  private record Foreseen(Path database, Instant dataAsOf, @Nullable Long rowsLost) {}

  private static Detail describe(BackupFile backup, Instant dataAsOf) {
    Duration age = Duration.between(dataAsOf, Instant.now());
    return new Detail(
        Preview.Kind.NOTE,
        "Backup",
        List.of(
            backup.path()
                + ", "
                + Amounts.text(backup.size())
                + (backup.compressed() ? ", gzip" : ""),
            "data up to " + dataAsOf + ", " + Amounts.text(age) + " ago"));
  }

  private static Detail formerFate(Path database, boolean keepFormer) {
    String fate =
        !Files.exists(database)
            ? "There is none."
            : keepFormer
                ? "Would be kept as " + database.getFileName() + ".before-RUN, beside the new one."
                : "Would not be kept.";
    return new Detail(
        !Files.exists(database) || keepFormer ? Preview.Kind.NOTE : Preview.Kind.LOSS,
        "Former database",
        List.of(fate));
  }

  /** Adds what it shows to the details; null if the rows could not be counted. */
  private static @Nullable Long loss(
      BackupFile backup, Path database, ActionContext context, List<Detail> details)
      throws IOException, ActionException {
    try {
      RowLoss loss = new RowLoss(rowsOf(database, context), rowsOf(backup, context));
      details.addAll(loss.details());
      return loss.total();
    } catch (SQLException e) {
      details.add(
          new Detail(
              Preview.Kind.PROBLEM,
              "Rows",
              List.of("They could not be counted: " + e.getMessage())));
      return null;
    }
  }

  private static Map<String, Long> rowsOf(BackupFile backup, ActionContext context)
      throws IOException, SQLException, ActionException {
    if (!backup.compressed()) {
      return Sidecars.withContent(backup.path()).isEmpty()
          ? rowsOfFile(backup.path(), context)
          : rowsOf(backup.path(), context);
    }
    try (Scratch scratch = new Scratch()) {
      Disk.requireSpace(
          scratch.directory(), backup.atLeastUnpacked(), "Unpacking " + backup.path());
      Path unpacked = scratch.file("unpacked.db");
      WrittenCopy.write(backup, unpacked, context);
      return rowsOfFile(unpacked, context);
    }
  }

  private static Map<String, Long> rowsOfFile(Path file, ActionContext context)
      throws IOException, SQLException {
    try (Reading reading = Reading.ofFile(file, context)) {
      return reading.rowCounts();
    }
  }
}
