package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a database that was written, before anything is replaced by it.
 *
 * @param sha256 what its hash must be; null for any
 * @param check how SQLite must read it; null for not at all
 */
record Verification(@Nullable String sha256, @Nullable Check check) {

  void require(Path written, WrittenCopy copy, BackupFile backup, ActionContext context)
      throws IOException, SQLException, ActionException {
    requireDatabase(written, copy, backup);
    if (sha256 != null && !sha256.equalsIgnoreCase(copy.sha256())) {
      throw failure(
          backup,
          "its database has the SHA-256 " + copy.sha256() + ", and " + sha256 + " was expected");
    }
    if (check != null) {
      try (Reading reading = Reading.ofFile(written, context)) {
        List<String> problems = reading.problems(check);
        if (!problems.isEmpty()) {
          throw failure(backup, "its " + check.pragma() + " says: " + String.join("; ", problems));
        }
      }
    }
  }

  private static void requireDatabase(Path written, WrittenCopy copy, BackupFile backup)
      throws IOException, ActionException {
    String defect = Header.read(written).defect(copy.bytes());
    if (defect != null) {
      throw failure(backup, defect);
    }
  }

  private static ActionException failure(BackupFile backup, String why) {
    return new ActionException(
        ActionException.Kind.PERMANENT,
        backup.path()
            + " was not restored: "
            + why
            + ". The database is as it was. Choose another backup.");
  }
}
