package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Disk;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One replacement of a database by a backup's. Until the rename in {@link Replacement}, the
 * database is the old one; from then on it is the new one; and in neither state is there a sidecar
 * of the other.
 */
final class Restoration {
  private final BackupFile backup;
  private final Path database;
  private final ActionContext context;
  private final Consumer<Replacement.Stage> passed;
  private final Replacement replacement;

  /**
   * @param copy the database as it is now in place
   * @param former where the one before is; null if there was none or it wasn't to be kept
   */
  record Restored(WrittenCopy copy, @Nullable Path former) {}

  Restoration(
      BackupFile backup, Path database, ActionContext context, Consumer<Replacement.Stage> passed) {
    this.backup = backup;
    this.database = database;
    this.context = context;
    this.passed = passed;
    this.replacement = new Replacement(database, "restore", context, passed);
  }

  Restored restore(Verification verification, boolean keepFormer)
      throws IOException, SQLException, ActionException {
    requireSensible();
    replacement.requireNobodyHasItOpen();
    replacement.removeUnfinished();
    requireSpace();
    Path written = replacement.draft();
    try {
      WrittenCopy copy = write(written);
      passed.accept(Replacement.Stage.WRITTEN);
      verification.require(written, copy, backup, context);
      passed.accept(Replacement.Stage.VERIFIED);
      return new Restored(copy, replacement.replaceBy(written, keepFormer));
    } catch (IOException e) {
      if (Disk.isFull(e)) {
        throw diskFull(e);
      }
      throw e;
    } finally {
      replacement.discard(written);
    }
  }

  void requireSensible() throws IOException, ActionException {
    replacement.requireSensible();
    if (Files.exists(database) && Files.isSameFile(database, backup.path())) {
      throw new ActionException(
          Kind.INVALID_INPUT, backup.path() + " is the database itself, not a backup of it.");
    }
  }

  /** What {@link #restore} would fail for now. */
  List<Detail> obstacles() throws IOException {
    List<Detail> found = new ArrayList<>();
    for (Requirement requirement :
        List.<Requirement>of(replacement::requireNobodyHasItOpen, this::requireSpace)) {
      try {
        requirement.check();
      } catch (ActionException e) {
        found.add(
            new Detail(Preview.Kind.PROBLEM, "Would be refused now", List.of(e.getMessage())));
      }
    }
    return found;
  }

  private interface Requirement {
    void check() throws IOException, ActionException;
  }

  private void requireSpace() throws IOException, ActionException {
    long log = 0;
    for (Path sidecar : Sidecars.withContent(database)) {
      log += Files.size(sidecar);
    }
    Disk.requireSpace(directory(), backup.atLeastUnpacked() + log, "Restoring " + backup.path());
  }

  private WrittenCopy write(Path target) throws IOException, SQLException, ActionException {
    WrittenCopy copy = WrittenCopy.write(backup, target, context);
    List<Path> sidecars = Sidecars.withContent(backup.path());
    if (sidecars.isEmpty()) {
      return copy;
    }
    for (Path sidecar : sidecars) {
      Files.copy(sidecar, Sidecars.moved(sidecar, backup.path(), target));
    }
    OldDatabase.settle(target).close();
    Sidecars.delete(target);
    Disk.sync(target);
    return new WrittenCopy(Files.size(target), FollowingHash.of(target));
  }

  private ActionException diskFull(IOException cause) {
    return new ActionException(
        Kind.PERMANENT,
        "The disk of "
            + directory()
            + " is full, so "
            + backup.path()
            + " could not be restored; "
            + database
            + " is as it was. Free some space, then retry.",
        cause);
  }

  private Path directory() {
    return Disk.directoryOf(database);
  }
}
