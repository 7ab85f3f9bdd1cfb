package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.Dialect;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table of SQLite, written off to PostgreSQL. */
final class SqliteRows {
  private final Connection connection;
  private final Load load;

  SqliteRows(Connection connection, Load load) {
    this.connection = connection;
    this.load = load;
  }

  /** How many there were. */
  long writeTo(CopyText out, Progress progress) throws SQLException, ActionException {
    long rows = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query())) {
      while (row.next()) {
        long before = out.bytes();
        write(row, out);
        rows++;
        progress.copied(1, out.bytes() - before, load);
      }
    }
    return rows;
  }

  private String query() {
    return "SELECT "
        + Dialect.quote(load.pairs().stream().map(pair -> pair.source().name()).toList())
        + " FROM "
        + Dialect.quote(load.match().source())
        + (load.where().isEmpty() ? "" : " WHERE " + load.where());
  }

  private void write(ResultSet row, CopyText out) throws SQLException, ActionException {
    for (int i = 0; i < load.pairs().size(); i++) {
      if (i > 0) {
        out.separator();
      }
      try {
        PostgresValue.write(load.pairs().get(i).target(), value(row, i + 1), out);
      } catch (PostgresValue.UnfitException e) {
        throw refusal(row, load.pairs().get(i), String.valueOf(e.getMessage()));
      }
    }
    out.endOfRow();
  }

  private static @Nullable Object value(ResultSet row, int column)
      throws SQLException, PostgresValue.UnfitException {
    Object value = row.getObject(column);
    if (value instanceof String text && text.indexOf('\uFFFD') >= 0) {
      requireUtf8(row.getBytes(column));
    }
    return value;
  }

  /** The driver puts a sign in place of what is no UTF-8. */
  private static void requireUtf8(byte[] bytes) throws PostgresValue.UnfitException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new PostgresValue.UnfitException("a text that is no UTF-8");
    }
  }

  private ActionException refusal(ResultSet row, Pair pair, String what) throws SQLException {
    return new ActionException(
        Kind.PERMANENT,
        load
            + "."
            + pair.source().name()
            + " has "
            + what
            + " in "
            + describe(row)
            + ", and is "
            + pair.target().type().declared()
            + " in PostgreSQL. Correct the value, or leave the column out with the rule skip. Nothing was changed.");
  }

  private String describe(ResultSet row) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 1; i <= load.pairs().size(); i++) {
      values.add(row.getObject(i));
    }
    return RowText.of(load.match(), load.pairs(), values);
  }

  /**
   * Which row is the one of that number.
   *
   * @param number from 1
   */
  String describe(long number) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(query() + " LIMIT 1 OFFSET " + Math.max(0, number - 1))) {
      return row.next() ? describe(row) : "row " + number + " of " + load;
    }
  }
}
