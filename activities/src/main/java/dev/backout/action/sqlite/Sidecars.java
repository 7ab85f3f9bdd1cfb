package dev.backout.action.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that SQLite keeps beside a database. They belong to it: left beside another database of
 * the same name, a write-ahead log is played into that one, and its integrity check still says ok.
 */
final class Sidecars {
  private static final List<String> WITH_CONTENT = List.of("-wal", "-journal");
  private static final List<String> ALL = List.of("-wal", "-journal", "-shm");

  private Sidecars() {}

  /** The database and everything beside it that is there. */
  static List<Path> withDatabase(Path database) {
    return Stream.concat(Stream.of(database), existing(database, ALL))
        .filter(Files::exists)
        .toList();
  }

  static List<Path> of(Path database) {
    return existing(database, ALL).toList();
  }

  /** Those that hold part of what the database says, and are not empty. */
  static List<Path> withContent(Path database) throws IOException {
    List<Path> found = existing(database, WITH_CONTENT).toList();
    for (Path sidecar : found) {
      if (Files.size(sidecar) > 0) {
        return found;
      }
    }
    return List.of();
  }

  static boolean sharedMemory(Path database) {
    return Files.exists(sibling(database, "-shm"));
  }

  /** The same sidecar of another database. */
  static Path moved(Path sidecar, Path from, Path to) {
    String suffix =
        sidecar.getFileName().toString().substring(from.getFileName().toString().length());
    return sibling(to, suffix);
  }

  static void delete(Path database) throws IOException {
    for (Path sidecar : of(database)) {
      Files.deleteIfExists(sidecar);
    }
  }

  private static Stream<Path> existing(Path database, List<String> suffixes) {
    return suffixes.stream().map(suffix -> sibling(database, suffix)).filter(Files::exists);
  }

  private static Path sibling(Path database, String suffix) {
    return database.resolveSibling(database.getFileName() + suffix);
  }
}
