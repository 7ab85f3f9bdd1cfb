package dev.backout.action.alembic;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a change.
 *
 * @param after the revisions that the version table names afterwards; null if it couldn't be read
 * @param afterProblem why not
 * @param failed Alembic's last words; null if it succeeded
 * @param halfDone a copy of a SQLite database as the failure left it, before it was put back
 * @param snapshot a copy of a SQLite database as it was before
 * @param log all that Alembic said
 */
record Acted(
    @Nullable List<String> after,
    @Nullable String afterProblem,
    @Nullable String failed,
    @Nullable String halfDone,
    @Nullable String snapshot,
    Path log) {}
