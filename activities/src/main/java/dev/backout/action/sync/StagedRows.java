package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.ColumnType;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.PostgresKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows of the source that lie beside the target's table, and the keys of all rows that the source
 * has; and how they get into the table, in SQL that both databases understand.
 *
 * @param rows the name of the temporary table with the rows, of the target's columns
 * @param keys the name of that with the keys
 */
record StagedRows(Connection connection, Match match, Pair changed, String rows, String keys) {

  /**
   * @param number that tells the names apart
   */
  static StagedRows of(Connection connection, Match match, Pair changed, int number) {
    return new StagedRows(
        connection, match, changed, "backout_rows_" + number, "backout_keys_" + number);
  }

  void create() throws SQLException {
    create(rows, match.columns());
    create(keys, key());
  }

  private void create(String name, List<Pair> columns) throws SQLException {
    execute(
        "CREATE TEMPORARY TABLE "
            + name
            + " ("
            + columns.stream()
                .map(
                    pair ->
                        Dialect.quote(pair.target().name()) + " " + pair.target().type().declared())
                .collect(Collectors.joining(", "))
            + (isStrict() ? ") STRICT" : ")"));
  }

  private boolean isStrict() {
    return changed.target().type() instanceof ColumnType.Sqlite type && type.strict();
  }

  /** Once both are filled. */
  void index() throws SQLException {
    String columns = Dialect.quote(key().stream().map(pair -> pair.target().name()).toList());
    for (String name : List.of(rows, keys)) {
      execute("CREATE INDEX " + name + "_key ON " + name + " (" + columns + ")");
      execute("ANALYZE " + name);
    }
  }

  /** The source's rows that the target has not, and that were changed too long ago to be read. */
  long missing() throws SQLException {
    return count(
        keys
            + " k WHERE NOT EXISTS (SELECT 1 FROM "
            + table()
            + " t WHERE "
            + same("t", "k")
            + ")"
            + " AND NOT EXISTS (SELECT 1 FROM "
            + rows
            + " s WHERE "
            + same("s", "k")
            + ")");
  }

  void requireNoneMissing() throws SQLException, ActionException {
    long missing = missing();
    if (missing > 0) {
      throw new ActionException(
          Kind.PERMANENT,
          "The target lacks "
              + missing
              + " rows of "
              + match
              + " that were last changed before since. Choose an earlier since, or copy all by the mode full. Nothing was changed.");
    }
  }

  /** What is the same in the target needs no copying. */
  void dropUnchanged() throws SQLException {
    execute(
        "DELETE FROM "
            + rows
            + " WHERE EXISTS (SELECT 1 FROM "
            + table()
            + " t WHERE "
            + same("t", rows)
            + " AND NOT ("
            + differs("t", rows)
            + "))");
  }

  /** The target's rows that the source has not. */
  String gone(String condition) {
    return " WHERE NOT EXISTS (SELECT 1 FROM "
        + keys
        + " k WHERE "
        + same("k", table())
        + ")"
        + condition;
  }

  long countGone(String condition) throws SQLException {
    return count(table() + gone(condition));
  }

  long deleteGone(String condition) throws SQLException {
    return execute("DELETE FROM " + table() + gone(condition));
  }

  long countUpdates() throws SQLException {
    return count(
        rows + " s WHERE EXISTS (SELECT 1 FROM " + table() + " t WHERE " + same("t", "s") + ")");
  }

  long count() throws SQLException {
    return count(rows);
  }

  /**
   * Writes the staged rows over the table's. A row is deleted and written anew, so that two may
   * exchange what is unique; unless the target has columns that the source lacks.
   */
  void write() throws SQLException {
    if (coversTarget()) {
      execute(
          "DELETE FROM "
              + table()
              + " WHERE EXISTS (SELECT 1 FROM "
              + rows
              + " s WHERE "
              + same("s", table())
              + ")");
    } else {
      update();
    }
    String columns = Dialect.quote(match.targetColumns());
    execute(
        "INSERT INTO "
            + table()
            + " ("
            + columns
            + ")"
            + overriding()
            + " SELECT "
            + columns
            + " FROM "
            + rows
            + " s WHERE NOT EXISTS (SELECT 1 FROM "
            + table()
            + " t WHERE "
            + same("t", "s")
            + ")");
  }

  private void update() throws SQLException {
    String set =
        match.columns().stream()
            .filter(pair -> !key().contains(pair))
            .map(pair -> Dialect.quote(pair.target().name()))
            .map(name -> name + " = s." + name)
            .collect(Collectors.joining(", "));
    if (!set.isEmpty()) {
      execute(
          "UPDATE " + table() + " SET " + set + " FROM " + rows + " s WHERE " + same("s", table()));
    }
  }

  private String overriding() {
    return match.columns().stream().anyMatch(pair -> pair.target().identity())
        ? " OVERRIDING SYSTEM VALUE"
        : "";
  }

  private boolean coversTarget() {
    return match.columns().size() == match.target().writable().size();
  }

  List<Pair> key() {
    return match.key().orElseThrow();
  }

  String table() {
    return Dialect.quote(match.target());
  }

  /** That two rows have the same key. */
  String same(String one, String other) {
    return key().stream()
        .map(pair -> Dialect.quote(pair.target().name()))
        .map(name -> one + "." + name + " = " + other + "." + name)
        .collect(Collectors.joining(" AND "));
  }

  /** That two rows with the same key say something else. */
  String differs(String one, String other) {
    return match.columns().stream()
        .filter(pair -> !key().contains(pair))
        .map(
            pair ->
                comparable(one, pair.target())
                    + " IS DISTINCT FROM "
                    + comparable(other, pair.target()))
        .collect(
            Collectors.joining(" OR ", "", match.columns().size() == key().size() ? "false" : ""));
  }

  /** Some types of PostgreSQL have no equality. */
  static String comparable(String row, Column column) {
    String name = row + "." + Dialect.quote(column.name());
    boolean textual =
        column.type() instanceof ColumnType.Postgres type
            && (type.kind() == PostgresKind.JSON || type.kind() == PostgresKind.OTHER);
    return textual ? name + "::text" : name;
  }

  long execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  long count(String from) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
