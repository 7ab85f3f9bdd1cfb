package dev.backout.action.alembic;

import dev.backout.action.Doc;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of the version that was seen to have happened, or was not needed. */
public record Moved(
    @Doc("The revisions that the database was at.") List<String> before,
    @Doc("Those that it is at now, as its version table says.") List<String> after,
    @Doc(
            "What goes back to before, as `to` of the action that does: a revision, or `base`; absent if it was at several.")
        @Nullable String former,
    @Doc("Whether anything had to be done.") boolean changed,
    @Doc("The revisions on the way, in the order in which they were run or undone.")
        List<Step> revisions,
    @Doc(
            "A SQLite database as it was before, beside it, where the project lives; absent on others.")
        @Nullable String snapshot,
    @Doc("All that Alembic said, on the worker; absent if nothing had to be done.")
        @Nullable Path log) {

  static Moved notAtAll(List<String> before, List<String> after) {
    return new Moved(before, after, former(before), false, List.of(), null, null);
  }

  static Moved by(Acted acted, List<String> before, List<String> after, List<Step> steps) {
    return new Moved(before, after, former(before), true, steps, acted.snapshot(), acted.log());
  }

  private static @Nullable String former(List<String> before) {
    return before.isEmpty() ? "base" : before.size() == 1 ? before.get(0) : null;
  }
}
