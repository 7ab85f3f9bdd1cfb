package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Why SQLite takes a row not, and which one it is. */
final class SqliteRefusal {
  private static final Pattern COLUMNS =
      Pattern.compile("(UNIQUE|NOT NULL) constraint failed: ([^)]*)");

  private SqliteRefusal() {}

  /**
   * @return a sentence with the row's key if it is the row that is refused; else the problem itself
   *     is thrown
   */
  static ActionException of(SQLException problem, Load load, Batch batch, int first, int rows)
      throws SQLException {
    if (!(problem instanceof SQLiteException e)
        || (e.getResultCode().code & 0xff) != SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
      throw problem;
    }
    String message = String.valueOf(e.getMessage());
    Integer row = culprit(message, load, batch, first, rows);
    return new ActionException(
        Kind.PERMANENT,
        "The target refuses "
            + (row == null ? "one of " + rows + " rows of " + load : batch.describe(row))
            + ": "
            + message
            + ". Bring the source's data or the target's schema in order, or name the table under except. Nothing was changed.",
        e);
  }

  private static @Nullable Integer culprit(
      String message, Load load, Batch batch, int first, int rows) {
    Matcher found = COLUMNS.matcher(message);
    if (rows == 1) {
      return first;
    }
    if (!found.find()) {
      return null;
    }
    List<Integer> columns =
        Arrays.stream(found.group(2).split(", "))
            .map(name -> name.substring(name.lastIndexOf('.') + 1).strip())
            .map(
                name ->
                    load.pairs().stream().map(pair -> pair.target().name()).toList().indexOf(name))
            .toList();
    return columns.contains(-1)
        ? null
        : found.group(1).equals("UNIQUE")
            ? repeated(columns, batch, first, rows)
            : empty(columns.get(0), batch, first, rows);
  }

  private static @Nullable Integer repeated(
      List<Integer> columns, Batch batch, int first, int rows) {
    Map<List<String>, Integer> seen = new HashMap<>();
    for (int row = first; row < first + rows; row++) {
      int begin = row * batch.load().pairs().size();
      List<String> values =
          columns.stream().map(column -> RowText.value(batch.values()[begin + column])).toList();
      if (seen.put(values, row) != null) {
        return row;
      }
    }
    return null;
  }

  private static @Nullable Integer empty(int column, Batch batch, int first, int rows) {
    int width = batch.load().pairs().size();
    for (int row = first; row < first + rows; row++) {
      if (batch.values()[row * width + column] == null) {
        return row;
      }
    }
    return null;
  }
}
