package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One replacement of a database by a backup's. Until the rename in {@link #swap}, the database is
 * the old one; from then on it is the new one; and in neither state is there a sidecar of the
 * other.
 */
final class Restoration {
  private static final String UNFINISHED = ".restoring-";

  private final BackupFile backup;
  private final Path database;
  private final ActionContext context;
  private final Consumer<Stage> passed;

  /** What has just become true; tests kill the process there. */
  enum Stage {
    WRITTEN,
    VERIFIED,
    SETTLED,
    FORMER_KEPT,
    SIDECARS_GONE,
    SWAPPED,
    DURABLE
  }

  /**
   * @param copy the database as it is now in place
   * @param former where the one before is; null if there was none or it wasn't to be kept
   */
  record Restored(WrittenCopy copy, @Nullable Path former) {}

  Restoration(BackupFile backup, Path database, ActionContext context, Consumer<Stage> passed) {
    this.backup = backup;
    this.database = database;
    this.context = context;
    this.passed = passed;
  }

  Restored restore(Verification verification, boolean keepFormer)
      throws IOException, SQLException, ActionException {
    requireSensible();
    requireNobodyHasItOpen();
    removeUnfinished();
    requireSpace();
    Path written = unfinished();
    try {
      WrittenCopy copy = write(written);
      passed.accept(Stage.WRITTEN);
      verification.require(written, copy, backup, context);
      passed.accept(Stage.VERIFIED);
      takeOverModeAndOwner(written);
      return new Restored(copy, swap(written, keepFormer));
    } catch (IOException e) {
      if (Disk.isFull(e)) {
        throw diskFull(e);
      }
      throw e;
    } finally {
      Sidecars.delete(written);
      Files.deleteIfExists(written);
    }
  }

  void requireSensible() throws IOException, ActionException {
    Path directory = directory();
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "There is no directory " + directory + " to restore into. Make it, or correct the path.");
    }
    if (Files.exists(database) && !Files.isRegularFile(database)) {
      throw new ActionException(
          Kind.INVALID_INPUT, database + " is not a file, so it can't be replaced by a database.");
    }
    if (Files.exists(database) && Files.isSameFile(database, backup.path())) {
      throw new ActionException(
          Kind.INVALID_INPUT, backup.path() + " is the database itself, not a backup of it.");
    }
  }

  private void requireNobodyHasItOpen() throws IOException, ActionException {
    List<OpenFiles.Holder> holders = OpenFiles.of(Sidecars.withDatabase(database)).others();
    if (!holders.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          database
              + " is in use, and replacing it would tear it: "
              + context.mask(describe(holders))
              + ". Stop that first, then retry. Nothing was changed.");
    }
  }

  /** What {@link #restore} would fail for now. */
  List<Detail> obstacles() throws IOException {
    List<Detail> found = new ArrayList<>();
    for (Requirement requirement :
        List.<Requirement>of(this::requireNobodyHasItOpen, this::requireSpace)) {
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

  private static String describe(List<OpenFiles.Holder> holders) {
    return holders.stream().map(OpenFiles.Holder::toString).collect(Collectors.joining("; "));
  }

  private void requireSpace() throws IOException, ActionException {
    long log = 0;
    for (Path sidecar : Sidecars.withContent(database)) {
      log += Files.size(sidecar);
    }
    Disk.requireSpace(directory(), backup.atLeastUnpacked() + log, "Restoring " + backup.path());
  }

  /** What a worker that was killed in the middle left behind: as big as the database. */
  private void removeUnfinished() throws IOException {
    String name = "." + database.getFileName() + UNFINISHED;
    DirectoryStream.Filter<Path> unfinished =
        file -> file.getFileName().toString().startsWith(name);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(), unfinished)) {
      for (Path file : files) {
        if (OpenFiles.of(List.of(file)).holders().isEmpty()) {
          Files.deleteIfExists(file);
        }
      }
    }
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

  private void takeOverModeAndOwner(Path written) throws IOException, ActionException {
    boolean replaces = Files.exists(database);
    PosixFileAttributes model =
        Files.readAttributes(replaces ? database : directory(), PosixFileAttributes.class);
    try {
      if (!ownerOf(written).equals(ownerOf(replaces ? database : directory()))) {
        Files.setAttribute(written, "unix:uid", uid(replaces ? database : directory()));
        Files.setAttribute(written, "unix:gid", gid(replaces ? database : directory()));
      }
    } catch (IOException e) {
      if (replaces) {
        throw new ActionException(
            Kind.PERMANENT,
            database
                + " belongs to "
                + model.owner()
                + ":"
                + model.group()
                + ", and this worker may not give the restored one to them ("
                + e.getMessage()
                + "). Run the worker as that user or as root. Nothing was changed.",
            e);
      }
    }
    Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
    mode.addAll(model.permissions());
    if (!replaces) {
      mode.removeAll(
          Set.of(
              PosixFilePermission.OWNER_EXECUTE,
              PosixFilePermission.GROUP_EXECUTE,
              PosixFilePermission.OTHERS_EXECUTE));
    }
    Files.setPosixFilePermissions(written, mode);
    Disk.sync(written);
  }

  private static List<Object> ownerOf(Path file) throws IOException {
    return List.of(uid(file), gid(file));
  }

  private static Object uid(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid");
  }

  private static Object gid(Path file) throws IOException {
    return Files.getAttribute(file, "unix:gid");
  }

  private @Nullable Path swap(Path written, boolean keepFormer)
      throws IOException, ActionException {
    Path former;
    try (OldDatabase old = OldDatabase.settle(database)) {
      passed.accept(Stage.SETTLED);
      requireNobodyHasItOpen();
      try {
        former = keepFormer ? old.keep(label()) : null;
        passed.accept(Stage.FORMER_KEPT);
        old.removeSidecars();
        passed.accept(Stage.SIDECARS_GONE);
        Files.move(written, database, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException | RuntimeException e) {
        old.putBack();
        throw e;
      }
      passed.accept(Stage.SWAPPED);
      Disk.syncDirectory(directory());
      passed.accept(Stage.DURABLE);
    }
    requireNobodyHolds(former);
    return former;
  }

  /** Whoever opened the database in the instant of the swap now writes to the former one. */
  private void requireNobodyHolds(@Nullable Path former) throws IOException, ActionException {
    List<OpenFiles.Holder> holders =
        former == null ? List.of() : OpenFiles.of(List.of(former)).others();
    if (!holders.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          database
              + " was restored, but in that instant somebody opened the former one: "
              + context.mask(describe(holders))
              + ". Stop that, then restore again.");
    }
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

  private Path unfinished() {
    return directory().resolve("." + database.getFileName() + UNFINISHED + label());
  }

  private String label() {
    String run = context.call().runId().replaceAll("[^A-Za-z0-9_-]", "-");
    return run.length() > 40 ? run.substring(0, 40) : run;
  }

  private Path directory() {
    return Disk.directoryOf(database);
  }
}
