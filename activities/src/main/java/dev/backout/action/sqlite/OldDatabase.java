package dev.backout.action.sqlite;

import dev.backout.action.ActionException;
import dev.backout.action.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The database that is about to be replaced.
 *
 * <p>A file and its write-ahead log can't be replaced in one instant, so the log must be gone
 * before: SQLite itself is made to fold it (or a hot journal) into the file, which is safe at any
 * instant and changes nothing of what the database says. From then until it is closed, this holds
 * SQLite's exclusive lock, so that nobody starts another log.
 *
 * <p>A database that SQLite can't open has no such way. What SQLite left beside it is kept under
 * the former's name first, and only then taken away: a crash between the two leaves a database that
 * could not be opened before, and all of it beside.
 */
final class OldDatabase implements AutoCloseable {
  private final Path path;
  private final @Nullable Connection lock;
  private final Map<Path, Path> kept = new LinkedHashMap<>();

  private OldDatabase(Path path, @Nullable Connection lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Leaves it as one file, if it is there and SQLite can open it, and locks it. */
  static OldDatabase settle(Path path) throws IOException, ActionException {
    if (!Files.exists(path)) {
      return new OldDatabase(path, null);
    }
    Connection connection = null;
    try {
      connection = Connections.writing(path);
      foldAndLock(connection);
      return new OldDatabase(path, connection);
    } catch (SQLException e) {
      closeQuietly(connection);
      if (Connections.isDamage(e)) {
        return new OldDatabase(path, null);
      }
      throw refusal(path, e);
    }
  }

  private static void foldAndLock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Before the first access: SQLite then needs no shared memory, and locks others out.
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
        if (result.next() && result.getInt(1) != 0) {
          throw new SQLException("the write-ahead log is in use and could not be folded in");
        }
      }
      statement.execute("BEGIN EXCLUSIVE");
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
    }
  }

  private static ActionException refusal(Path path, SQLException problem) {
    String next =
        Connections.isBusy(problem)
            ? "Something is using it: stop that first."
            : Disk.isFull(problem)
                ? "The disk is full: free some space."
                : "See that this worker may read and write it and its directory.";
    return new ActionException(
        ActionException.Kind.PERMANENT,
        "Could not settle "
            + path
            + " before replacing it: "
            + problem.getMessage()
            + ". It is as it was. "
            + next,
        problem);
  }

  /** Whether SQLite could open it; false also where there is none. */
  boolean settled() {
    return lock != null;
  }

  /**
   * Gives it a second name beside the first, {@code NAME.before-LABEL}, so that replacing the first
   * loses nothing and takes no space.
   *
   * @return the second name; null if there was no database
   */
  @Nullable Path keep(String label) throws IOException {
    boolean exists = Files.exists(path);
    Path former = freeName(keptName(path, label));
    if (exists) {
      keep(path, former);
    }
    for (Path sidecar : settled() ? List.<Path>of() : Sidecars.of(path)) {
      keep(sidecar, Sidecars.moved(sidecar, path, former));
    }
    Disk.syncDirectory(directory());
    return exists ? former : null;
  }

  /** The second name that {@link #keep} gives a database, unless another one has it. */
  static Path keptName(Path path, String label) {
    return path.resolveSibling(path.getFileName() + ".before-" + label);
  }

  /** An earlier attempt of the same run may have kept this one, or another, under the name. */
  private Path freeName(Path wanted) throws IOException {
    Path name = wanted;
    for (int i = 2; Files.exists(name) && !isSame(name); i++) {
      name = wanted.resolveSibling(wanted.getFileName() + "." + i);
    }
    return name;
  }

  private boolean isSame(Path name) throws IOException {
    return Files.exists(path) && Files.isSameFile(path, name);
  }

  private void keep(Path file, Path name) throws IOException {
    try {
      Files.createLink(name, file);
      kept.put(name, file);
    } catch (FileAlreadyExistsException e) {
      // this very file, by an earlier attempt
    } catch (FileSystemException | UnsupportedOperationException e) {
      // some file systems know no second names
      kept.put(name, file);
      Files.copy(file, name, StandardCopyOption.COPY_ATTRIBUTES);
      Disk.sync(name);
    }
  }

  /** Durably gone before the rename: a log that came back after a power cut would be played in. */
  void removeSidecars() throws IOException {
    Sidecars.delete(path);
    Disk.syncDirectory(directory());
  }

  /** After a failure before the rename: everything as it was. */
  void putBack() throws IOException {
    for (Map.Entry<Path, Path> entry : kept.entrySet()) {
      if (!Files.exists(entry.getValue())) {
        Files.move(entry.getKey(), entry.getValue());
      } else {
        Files.deleteIfExists(entry.getKey());
      }
    }
  }

  private Path directory() {
    return Disk.directoryOf(path);
  }

  /**
   * Lets go. SQLite notices that its file is no longer the one of that name, and leaves the
   * sidecars of the new one alone.
   */
  @Override
  public void close() {
    closeQuietly(lock);
  }

  private static void closeQuietly(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // Nothing was written by it, so nothing can be lost.
      }
    }
  }
}
