package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.StepCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dump on its way into a database of its own. Until it is whole it has a name that is nobody's,
 * by which the next attempt of the step finds what a killed one has left.
 *
 * @param server any database of the server
 * @param otherLocale in place of that of the dump's database; null for that one
 * @param owners whether owners and rights are restored as they were
 */
record Restoration(
    PostgresUrl server,
    Archive archive,
    @Nullable DumpManifest manifest,
    int jobs,
    boolean owners,
    @Nullable String otherLocale,
    Duration within,
    ActionContext context) {
  private static final int MOST_DIFFERENCES = 10;

  /** No such locale or encoding, or no such provider in this server. */
  private static final Set<String> UNKNOWN_LOCALE =
      Set.of("42809", "22023", "42704", "0A000", "42601");

  /** The same for each attempt of a step. */
  String draft() {
    StepCall call = context.call();
    String whose = call.runId() + " " + call.step();
    return "backout_restore_"
        + UUID.nameUUIDFromBytes(whose.getBytes(StandardCharsets.UTF_8))
            .toString()
            .replace("-", "");
  }

  /**
   * Makes it, fills it and compares it with the manifest.
   *
   * @param connection to any database of the server
   * @return the rows of each table
   */
  Map<String, Long> fill(Connection connection)
      throws ActionException, IOException, SQLException, InterruptedException {
    requireFits(connection);
    Database.drop(draft(), connection);
    create(connection);
    restore();
    Map<String, Long> rows = analyzed();
    compare(rows);
    return rows;
  }

  private void create(Connection connection) throws SQLException, ActionException {
    String locale = locale();
    try {
      Sql.execute(
          connection,
          "CREATE DATABASE " + Sql.identifier(draft()) + " TEMPLATE template0" + locale);
    } catch (SQLException e) {
      if (locale.isEmpty() || !UNKNOWN_LOCALE.contains(String.valueOf(e.getSQLState()))) {
        throw e;
      }
      throw new ActionException(
          Kind.PERMANENT,
          "The server can't make a database with"
              + locale.replace(" E'", " '")
              + ", as "
              + (otherLocale == null ? "the dump's has it" : "locale asks")
              + ": "
              + Login.describe(e, server, context)
              + ". Nothing was restored. Install that locale where the server runs, and restart it, or name another by `locale`, such as C.UTF-8: text is then sorted by that one.",
          e);
    }
  }

  void requireFits(Connection connection) throws ActionException, SQLException {
    Version target = Version.in(connection.getMetaData().getDatabaseProductVersion());
    if (archive.server().major() > target.major()) {
      throw new ActionException(
          Kind.PERMANENT,
          archive.path()
              + " was dumped from PostgreSQL "
              + archive.server()
              + ", and the server is older: "
              + target
              + ". Nothing was restored. Restore it on a server of version "
              + archive.server().major()
              + " or later.");
    }
  }

  private String locale() {
    DumpManifest.Locale locale = manifest == null ? null : manifest.locale();
    String encoding = locale == null ? "" : " ENCODING" + Sql.literal(locale.encoding());
    if (locale == null || otherLocale != null) {
      return otherLocale == null ? "" : encoding + sorted(otherLocale, otherLocale);
    }
    return encoding
        + sorted(locale.collate(), locale.ctype())
        + (locale.provider() == null || locale.name() == null
            ? ""
            : " LOCALE_PROVIDER "
                + Sql.identifier(locale.provider())
                + " "
                + locale.provider().toUpperCase(Locale.ROOT)
                + "_LOCALE"
                + Sql.literal(locale.name()));
  }

  private static String sorted(String collate, String ctype) {
    return " LC_COLLATE" + Sql.literal(collate) + " LC_CTYPE" + Sql.literal(ctype);
  }

  private void restore() throws ActionException, IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(ClientPrograms.RESTORE, "--exit-on-error"));
    if (jobs > 1) {
      words.add("--jobs=" + jobs);
    }
    if (!owners) {
      words.addAll(List.of("--no-owner", "--no-privileges"));
    }
    words.add(archive.path().toString());
    new ClientPrograms(context).act(words, server.at(draft()), within, "restore.log");
  }

  /** Without statistics its first hours are slow ones. */
  private Map<String, Long> analyzed() throws SQLException {
    try (Connection connection = Login.connect(server.at(draft()), within)) {
      context.heartbeat("analyzing what was restored");
      Sql.execute(connection, "ANALYZE");
      Sql.execute(connection, "SET row_security = off");
      return RowCounts.of(connection, context);
    }
  }

  private void compare(Map<String, Long> rows) throws ActionException {
    Map<String, Long> expected = manifest == null ? null : manifest.rows();
    List<String> differences = expected == null ? List.of() : RowCounts.differences(expected, rows);
    if (!differences.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          "What was restored is not what was dumped, and was dropped: "
              + String.join(
                  "; ", differences.subList(0, Math.min(MOST_DIFFERENCES, differences.size())))
              + ". See whether a trigger or a rule of the dump changes rows, or choose another dump.");
    }
  }

  /** What its comment says, by which it is known to be this step's. */
  String mark(String sha256) {
    StepCall call = context.call();
    return Database.RESTORED
        + "from "
        + archive.path()
        + " (SHA-256 "
        + sha256
        + "), run "
        + call.runId()
        + ", step "
        + call.step();
  }
}
