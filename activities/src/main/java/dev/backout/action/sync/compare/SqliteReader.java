package dev.backout.action.sync.compare;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sqlite.Reading;
import dev.backout.action.sync.SqliteSide;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.Schema;
import dev.backout.action.sync.schema.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A SQLite file, in one read transaction. */
final class SqliteReader extends Reader {
  private final Reading reading;
  private final Path path;

  private SqliteReader(
      String name, SqliteSide side, Reading reading, Schema schema, ActionContext context) {
    super(name, side, reading.connection(), schema, context);
    this.reading = reading;
    this.path = side.path();
  }

  static SqliteReader open(String name, SqliteSide side, ActionContext context)
      throws ActionException, IOException {
    Path path = side.path();
    if (!Files.isRegularFile(path)) {
      throw missing(name, "SQLite database " + path);
    }
    try {
      Reading reading = Reading.of(path, context);
      try (Statement statement = reading.connection().createStatement()) {
        statement.execute("BEGIN");
        Schema schema = Dialect.SQLITE.read(reading.connection(), "main");
        return new SqliteReader(name, side, reading, schema, context);
      } catch (SQLException e) {
        reading.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unreadable(path, "Could not read the " + name, e);
    }
  }

  @Override
  void rows(Table table, List<Column> columns, String condition, Sink sink)
      throws SQLException, ActionException, IOException {
    // Rows of which nothing is compared are still counted.
    String list =
        columns.isEmpty() ? "1" : Dialect.quote(columns.stream().map(Column::name).toList());
    try (Statement statement = connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT " + list + " FROM " + Dialect.quote(table) + condition)) {
      Row row = new StoredRow(rows);
      while (rows.next()) {
        sink.row(row);
      }
    }
  }

  @Override
  ActionException failure(String what, SQLException problem) {
    // SQLite only says that it was interrupted where the run was cancelled; this says so.
    context().heartbeat("reading " + path.getFileName());
    return unreadable(path, what, problem);
  }

  private static ActionException unreadable(Path path, String what, SQLException problem) {
    String message = String.valueOf(problem.getMessage());
    return new ActionException(
        message.contains("SQLITE_BUSY") ? Kind.TRANSIENT : Kind.PERMANENT,
        what + " (" + path + "): " + message + ". See with sqlite.verify whether it is whole.",
        problem);
  }

  @Override
  public void close() throws IOException {
    try {
      reading.close();
    } catch (SQLException e) {
      // It only read.
    }
  }
}
