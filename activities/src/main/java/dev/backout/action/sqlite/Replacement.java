package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Disk;
import dev.backout.action.RunLabel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a database that was written beside another in that one's place. Until the rename, the
 * database is the old one; from then on it is the new one; and in neither state is there a sidecar
 * of the other.
 */
public final class Replacement {
  private static final String UNFINISHED = ".unfinished-";

  private final Path database;
  private final String verb;
  private final ActionContext context;
  private final Consumer<Stage> passed;

  /** What has just become true; tests kill the process there. */
  public enum Stage {
    WRITTEN,
    VERIFIED,
    SETTLED,
    FORMER_KEPT,
    SIDECARS_GONE,
    SWAPPED,
    DURABLE
  }

  /**
   * @param database that is to be replaced; need not exist
   * @param verb what is done to it, such as {@code restore}
   */
  public Replacement(Path database, String verb, ActionContext context, Consumer<Stage> passed) {
    this.database = database;
    this.verb = verb;
    this.context = context;
    this.passed = passed;
  }

  public void requireSensible() throws ActionException {
    Path directory = directory();
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "There is no directory "
              + directory
              + " to "
              + verb
              + " into. Make it, or correct the path.");
    }
    if (Files.exists(database) && !Files.isRegularFile(database)) {
      throw new ActionException(
          Kind.INVALID_INPUT, database + " is not a file, so it can't be replaced by a database.");
    }
  }

  public void requireNobodyHasItOpen() throws IOException, ActionException {
    OpenFiles.requireNobodyHolds(database, "replacing it", context);
  }

  public void requireSpace(long bytes, String purpose) throws IOException, ActionException {
    Disk.requireSpace(directory(), bytes, purpose);
  }

  /** What a worker that was killed in the middle left behind: as big as the database. */
  public void removeUnfinished() throws IOException {
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

  /** Where to write what is to take its place: beside it, a name of this run's own. */
  public Path draft() {
    return directory().resolve("." + database.getFileName() + UNFINISHED + RunLabel.of(context));
  }

  /** What was begun and is no longer wanted; nothing if it has taken the database's place. */
  public void discard(Path draft) throws IOException {
    Sidecars.delete(draft);
    Files.deleteIfExists(draft);
  }

  /**
   * Gives what was written the database's mode and owner, makes it durable, and puts it in its
   * place.
   *
   * @return where the former database is; null if there was none or it wasn't to be kept
   */
  public @Nullable Path replaceBy(Path written, boolean keepFormer)
      throws IOException, ActionException {
    takeOverModeAndOwner(written);
    return swap(written, keepFormer);
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
                + ", and this worker may not give the new one to them ("
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
        former = keepFormer ? old.keep(RunLabel.of(context)) : null;
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
              + " was replaced, but in that instant somebody opened the former one: "
              + OpenFiles.describe(holders, context)
              + ". Stop that, then do it again.");
    }
  }

  private Path directory() {
    return Disk.directoryOf(database);
  }
}
