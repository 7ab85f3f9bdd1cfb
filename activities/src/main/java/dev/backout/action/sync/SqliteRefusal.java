package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.Dialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Why SQLite takes a row not, and which one it is. */
final class SqliteRefusal {
  private static final Pattern UNIQUE = Pattern.compile("UNIQUE constraint failed: ([^)]*)");
  private static final String REMEDY =
      ". Bring the source's data or the target's schema in order, or name the table under except. Nothing was changed.";

  private SqliteRefusal() {}

  /**
   * @param connection to the database that refuses
   * @return a sentence with the row's key if it is the row that is refused; else the problem itself
   *     is thrown
   */
  static ActionException of(
      SQLException problem, Connection connection, Batch batch, int first, int rows)
      throws SQLException {
    requireConstraint(problem);
    Integer row = rows == 1 ? Integer.valueOf(first) : culprit(connection, batch, first, rows);
    return refused(
        row == null ? "one of " + rows + " rows of " + batch.load() : batch.describe(row), problem);
  }

  /** The same for a unique index that can't be made, over rows that are all written. */
  static ActionException ofIndex(SQLException problem, Connection connection, List<Match> matches)
      throws SQLException {
    requireConstraint(problem);
    Matcher found = UNIQUE.matcher(String.valueOf(problem.getMessage()));
    if (!found.find()) {
      throw problem;
    }
    List<String> places = Arrays.asList(found.group(1).split(", "));
    String table = places.get(0).substring(0, Math.max(0, places.get(0).indexOf('.')));
    Optional<Match> match =
        matches.stream().filter(each -> each.target().name().equals(table)).findFirst();
    List<String> columns =
        places.stream().map(place -> place.substring(place.indexOf('.') + 1).strip()).toList();
    return refused(
        match.isPresent()
            ? rowsThatShare(columns, match.get(), connection)
            : "rows of " + (table.isEmpty() ? "a table" : table),
        problem);
  }

  private static void requireConstraint(SQLException problem) throws SQLException {
    if (!(problem instanceof SQLiteException e)
        || (e.getResultCode().code & 0xff) != SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
      throw problem;
    }
  }

  private static ActionException refused(String what, SQLException problem) {
    return new ActionException(
        Kind.PERMANENT,
        "The target refuses " + what + ": " + problem.getMessage() + REMEDY,
        problem);
  }

  /**
   * The rows one by one in an empty table of the same kind: in the draft, which has no journal, one
   * can't go back behind a refused statement.
   *
   * @return null if none of them alone is refused there, as a row of an earlier batch stands
   *     against it
   */
  private static @Nullable Integer culprit(Connection connection, Batch batch, int first, int rows)
      throws SQLException {
    String sql = declaration(connection, batch.load());
    if (sql.isEmpty()) {
      return null;
    }
    try (Connection scratch = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = scratch.createStatement()) {
      statement.executeUpdate(sql);
      try (SqliteInsert insert = new SqliteInsert(scratch, batch.load())) {
        for (int row = first; row < first + rows; row++) {
          try {
            insert.write(batch, row);
          } catch (SQLiteException e) {
            return row;
          }
        }
      }
      return null;
    } catch (SQLiteException e) {
      return null; // such as a table that needs what only its application has
    }
  }

  private static String declaration(Connection connection, Load load) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?")) {
      statement.setString(1, load.match().target().name());
      try (ResultSet row = statement.executeQuery()) {
        boolean own = load.into().equals(Dialect.quote(load.match().target()));
        return own && row.next() ? row.getString(1) : "";
      }
    }
  }

  private static String rowsThatShare(List<String> columns, Match match, Connection connection)
      throws SQLException {
    List<Pair> key = match.key().orElse(List.of());
    if (key.isEmpty()) {
      return "rows of " + match + ", which has no key";
    }
    String table = Dialect.quote(match.target());
    String shared = Dialect.quote(columns);
    String sql =
        "SELECT "
            + Dialect.quote(key.stream().map(pair -> pair.target().name()).toList())
            + " FROM "
            + table
            + " WHERE ("
            + shared
            + ") = (SELECT "
            + shared
            + " FROM "
            + table
            + " WHERE "
            + columns.stream()
                .map(column -> Dialect.quote(column) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "))
            + " GROUP BY "
            + shared
            + " HAVING count(*) > 1 LIMIT 1) LIMIT 2";
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 1; i <= key.size(); i++) {
          values.add(row.getObject(i));
        }
        rows.add(RowText.of(match, key, values));
      }
    }
    return rows.isEmpty() ? "rows of " + match : String.join(" beside ", rows);
  }
}
