package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.sync.schema.Dialect;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Collections;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts batches into one table of SQLite, many rows a statement: each statement costs a dozen calls
 * between Java and C, whatever its size.
 */
final class SqliteInsert implements AutoCloseable {
  private static final int MOST_PARAMETERS = 600;

  private final Connection connection;
  private final Load load;
  private final int width;
  private final int together;
  private final boolean utf8;
  private final PreparedStatement many;
  private final PreparedStatement one;

  SqliteInsert(Connection connection, Load load) throws SQLException {
    this.connection = connection;
    this.load = load;
    this.width = load.pairs().size();
    this.utf8 = isUtf8(connection);
    this.together = Math.max(1, MOST_PARAMETERS / Math.max(1, width));
    this.many = connection.prepareStatement(sql(load, together, utf8));
    this.one = connection.prepareStatement(sql(load, 1, utf8));
  }

  private static boolean isUtf8(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA encoding")) {
      return row.getString(1).equals("UTF-8");
    }
  }

  /**
   * A text is bound as the bytes that came from the server, and only called a text by SQLite: where
   * its texts are of the same encoding.
   */
  private static String sql(Load load, int rows, boolean utf8) {
    String row =
        load.pairs().stream()
            .map(pair -> utf8 && pair.form().isText() ? "CAST(? AS TEXT)" : "?")
            .collect(Collectors.joining(",", "(", ")"));
    return "INSERT INTO "
        + load.into()
        + " ("
        + Dialect.quote(load.pairs().stream().map(pair -> pair.target().name()).toList())
        + ") VALUES "
        + String.join(",", Collections.nCopies(rows, row));
  }

  void write(Batch batch) throws SQLException, ActionException {
    int row = 0;
    for (; batch.rows() - row >= together; row += together) {
      write(many, batch, row, together);
    }
    for (; row < batch.rows(); row++) {
      write(one, batch, row, 1);
    }
  }

  private void write(PreparedStatement statement, Batch batch, int first, int rows)
      throws SQLException, ActionException {
    bind(statement, batch, first, rows);
    try {
      statement.executeUpdate();
    } catch (SQLException e) {
      throw SqliteRefusal.of(e, connection, batch, first, rows);
    }
  }

  /** One row of a batch. */
  void write(Batch batch, int row) throws SQLException {
    bind(one, batch, row, 1);
    one.executeUpdate();
  }

  private void bind(PreparedStatement statement, Batch batch, int first, int rows)
      throws SQLException {
    @Nullable Object[] values = batch.values();
    int from = first * width;
    for (int i = 0; i < rows * width; i++) {
      bind(statement, i + 1, values[from + i], load.pairs().get(i % width));
    }
  }

  private void bind(PreparedStatement statement, int index, @Nullable Object value, Pair pair)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.NULL);
    } else if (value instanceof byte[] bytes) {
      if (utf8 || !pair.form().isText()) {
        statement.setBytes(index, bytes);
      } else {
        statement.setString(index, new String(bytes, StandardCharsets.UTF_8));
      }
    } else if (value instanceof Long number) {
      statement.setLong(index, number);
    } else if (value instanceof Double number) {
      statement.setDouble(index, number);
    } else {
      statement.setString(index, (String) value);
    }
  }

  @Override
  public void close() throws SQLException {
    many.close();
    one.close();
  }
}
