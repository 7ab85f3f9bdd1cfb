package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look inside a backup gave.
 *
 * @param defect why it can't be used; null if it can
 * @param sha256 of its database, unpacked; null where it can't be used
 */
record Examination(@Nullable String defect, @Nullable String sha256) {
  private static final Known KNOWN = new Known();

  /**
   * @throws ActionException if it could not be examined for a reason that isn't the backup's, such
   *     as a full disk
   */
  static Examination of(
      BackupFile backup, Check check, List<String> expectedTables, ActionContext context)
      throws IOException, SQLException, ActionException {
    try {
      return KNOWN.computed(
          Known.Key.of(backup, check, expectedTables),
          () ->
              backup.compressed()
                  ? ofUnpacked(backup, check, expectedTables, context)
                  : ofStored(backup, check, expectedTables, context));
    } catch (AccessDeniedException e) {
      return rejected("this worker may not read it");
    } catch (IOException e) {
      if (Disk.isFull(e)) {
        throw new ActionException(
            ActionException.Kind.TRANSIENT,
            "The disk of "
                + System.getProperty("java.io.tmpdir")
                + " became full while "
                + backup.path()
                + " was examined. Free some space, then retry.",
            e);
      }
      throw e;
    }
  }

  private static Examination ofUnpacked(
      BackupFile backup, Check check, List<String> expectedTables, ActionContext context)
      throws IOException, SQLException, ActionException {
    try (Scratch scratch = new Scratch()) {
      Disk.requireSpace(
          scratch.directory(), backup.atLeastUnpacked(), "Unpacking " + backup.path());
      Path unpacked = scratch.file("unpacked.db");
      WrittenCopy copy;
      try {
        copy = WrittenCopy.write(backup, unpacked, context);
      } catch (ActionException e) {
        return rejected(e.getMessage());
      }
      String defect = defect(unpacked, check, expectedTables, context);
      return defect == null ? new Examination(null, copy.sha256()) : rejected(defect);
    }
  }

  private static Examination ofStored(
      BackupFile backup, Check check, List<String> expectedTables, ActionContext context)
      throws IOException, SQLException, ActionException {
    Path path = backup.path();
    try (FollowingHash hash = FollowingHash.start(path)) {
      hash.written(backup.size());
      String defect = defect(path, check, expectedTables, context);
      if (defect != null) {
        return rejected(defect);
      }
      String sha256 = hash.finish();
      return BackupFile.of(path).equals(backup)
          ? new Examination(null, sha256)
          : rejected("it was written to while it was examined");
    }
  }

  private static @Nullable String defect(
      Path file, Check check, List<String> expectedTables, ActionContext context)
      throws IOException, SQLException {
    String defect = Header.read(file).defect(Files.size(file));
    if (defect != null) {
      return defect;
    }
    try (Reading reading =
        Sidecars.withContent(file).isEmpty()
            ? Reading.ofFile(file, context)
            : Reading.ofCopy(file, context)) {
      List<String> problems = reading.problems(check);
      if (!problems.isEmpty()) {
        return check.pragma() + " says: " + String.join("; ", problems);
      }
      List<String> missing = new ArrayList<>(expectedTables);
      missing.removeAll(reading.tables());
      return missing.isEmpty() ? null : "it has no table " + String.join(", ", missing);
    } catch (SQLException e) {
      if (Connections.isDamage(e)) {
        return String.valueOf(e.getMessage());
      }
      throw e;
    }
  }

  private static Examination rejected(String why) {
    return new Examination(why, null);
  }
}
