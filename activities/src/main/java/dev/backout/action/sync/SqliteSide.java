package dev.backout.action.sync;

import dev.backout.action.sync.schema.Dialect;
import java.nio.file.Path;

/**
 * A SQLite file.
 *
 * @param path that the worker may touch; need not exist
 */
public record SqliteSide(Path path) implements Side {
  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
