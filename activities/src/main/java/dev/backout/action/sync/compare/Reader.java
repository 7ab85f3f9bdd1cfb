package dev.backout.action.sync.compare;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.PostgresSide;
import dev.backout.action.sync.Side;
import dev.backout.action.sync.SqliteSide;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.Schema;
import dev.backout.action.sync.schema.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One of the two databases, as it was at one instant. */
abstract class Reader implements AutoCloseable {
  private static final int ROWS_BETWEEN_HEARTBEATS = 8192;

  private final String name;
  private final Side side;
  private final Connection connection;
  private final Schema schema;
  private final ActionContext context;

  Reader(String name, Side side, Connection connection, Schema schema, ActionContext context) {
    this.name = name;
    this.side = side;
    this.connection = connection;
    this.schema = schema;
    this.context = context;
  }

  /**
   * @param name {@code source} or {@code target}
   */
  static Reader open(String name, Side side, ActionContext context)
      throws ActionException, IOException {
    return side instanceof PostgresSide postgres
        ? PostgresReader.open(name, postgres, context)
        : SqliteReader.open(name, (SqliteSide) side, context);
  }

  /** Takes rows. */
  interface Sink {
    void row(Row row) throws SQLException, ActionException, IOException;
  }

  /**
   * A range of a key that is a whole number, both ends included.
   *
   * @param column its name
   */
  record Span(String column, long first, long last) {
    String condition() {
      return " WHERE " + Dialect.quote(column) + " BETWEEN " + first + " AND " + last;
    }
  }

  final String name() {
    return name;
  }

  /** Which database it is, without the login. */
  final String place() {
    return side.toString();
  }

  final Schema schema() {
    return schema;
  }

  final Connection connection() {
    return connection;
  }

  /**
   * @param columns what is read, in this order
   * @param span null for all rows
   */
  final void scan(Table table, List<Column> columns, @Nullable Span span, Sink sink)
      throws ActionException, IOException {
    long[] rows = new long[1];
    context.heartbeat(progress(table, 0));
    try {
      rows(
          table,
          columns,
          span == null ? "" : span.condition(),
          row -> {
            sink.row(row);
            if (++rows[0] % ROWS_BETWEEN_HEARTBEATS == 0) {
              beat(progress(table, rows[0]));
            }
          });
    } catch (SQLException e) {
      throw failure("Could not read table " + table.name() + " of the " + name, e);
    }
  }

  private String progress(Table table, long rows) {
    return String.format(
        Locale.ROOT, "comparing %s: %,d rows of the %s read", table.name(), rows, name);
  }

  private void beat(String progress) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException("The other side could not be read.");
    }
    context.heartbeat(progress);
  }

  abstract void rows(Table table, List<Column> columns, String condition, Sink sink)
      throws SQLException, ActionException, IOException;

  abstract ActionException failure(String what, SQLException problem);

  /**
   * The least and the greatest of a column of whole numbers; empty if it has others, or no rows.
   */
  final Optional<long[]> bounds(Table table, Column column) throws ActionException {
    String quoted = Dialect.quote(column.name());
    String from = " FROM " + Dialect.quote(table);
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (SELECT min("
                    + quoted
                    + ")"
                    + from
                    + "), (SELECT max("
                    + quoted
                    + ")"
                    + from
                    + ")")) {
      row.next();
      // SQLite takes a text in such a column, which is greater than every number.
      return row.getObject(1) instanceof Number least
              && row.getObject(2) instanceof Number most
              && isWhole(least)
              && isWhole(most)
          ? Optional.of(new long[] {least.longValue(), most.longValue()})
          : Optional.empty();
    } catch (SQLException e) {
      throw failure("Could not ask table " + table.name() + " of the " + name, e);
    }
  }

  final long count(Table table) throws ActionException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + Dialect.quote(table))) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw failure("Could not count table " + table.name() + " of the " + name, e);
    }
  }

  private static boolean isWhole(Number value) {
    return value instanceof Long || value instanceof Integer || value instanceof Short;
  }

  final ActionContext context() {
    return context;
  }

  static ActionException missing(String name, String what) {
    return new ActionException(
        Kind.INVALID_INPUT, "There is no " + what + ", which `" + name + "` names. Correct it.");
  }

  @Override
  public abstract void close() throws IOException;
}
