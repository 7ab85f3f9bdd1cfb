package dev.backout.action.alembic;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of the version that was seen to have happened, or was not needed. */
record Moved(
    List<String> before,
    List<String> after,
    List<Step> steps,
    @Nullable String snapshot,
    @Nullable Path log) {

  boolean changed() {
    return log != null;
  }

  @Nullable String former() {
    return before.isEmpty() ? "base" : before.size() == 1 ? before.get(0) : null;
  }
}
