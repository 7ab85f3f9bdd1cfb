package dev.backout.action.postgres;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/**
 * SQL that is one statement and leaves the transaction alone in which it is run: with a second one,
 * or a COMMIT, it could leave what keeps it from changing something.
 */
final class OneStatement {
  private static final Set<String> OF_TRANSACTIONS =
      Set.of(
          "begin",
          "start",
          "commit",
          "end",
          "rollback",
          "abort",
          "savepoint",
          "release",
          "prepare",
          "set",
          "reset",
          "discard");

  private OneStatement() {}

  static void require(String field, String sql) throws ActionException {
    List<NativeQuery> statements;
    try {
      statements = Parser.parseJdbcSql(sql, true, true, true, false, false);
    } catch (SQLException e) {
      throw new ActionException(
          Kind.INVALID_INPUT, field + " can't be read as SQL: " + e.getMessage() + ".", e);
    }
    if (statements.size() != 1) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          field + " is to be one statement, and has " + statements.size() + ". Nothing was asked.");
    }
    String words = statements.get(0).nativeSql.replaceAll("(?s)/\\*.*?\\*/|--[^\\n]*", " ").strip();
    String first = words.split("\\W", 2)[0].toLowerCase(Locale.ROOT);
    if (OF_TRANSACTIONS.contains(first)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          field
              + " begins with "
              + first.toUpperCase(Locale.ROOT)
              + ", and may not leave or change the transaction in which it is run.");
    }
  }
}
