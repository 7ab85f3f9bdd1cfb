package dev.backout.action.alembic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the version table says, and what of it the project's files know.
 *
 * @param where the database, without login
 * @param takesBack whether it takes back changes of the schema with the transaction they are in
 * @param revisions that it is at: none before the first, several where branches run side by side
 * @param heads the newest revisions among the files
 * @param unknown those of {@code revisions} that have no file
 * @param interrupted the copy of a SQLite database as it was before a change that never came to its
 *     end
 */
record State(
    String where,
    boolean takesBack,
    List<String> revisions,
    List<String> heads,
    List<String> unknown,
    @Nullable String interrupted) {

  String at() {
    return where + " is at " + print(revisions);
  }

  static String print(List<String> revisions) {
    return revisions.isEmpty() ? "no revision" : String.join(" and ", revisions);
  }
}
