package dev.backout.action.sync.compare;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.sync.PostgresSide;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.PostgresKind;
import dev.backout.action.sync.schema.Schema;
import dev.backout.action.sync.schema.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** A schema of PostgreSQL, in one snapshot that doesn't write. */
final class PostgresReader extends Reader {
  private final PostgresSide side;

  private PostgresReader(
      String name, PostgresSide side, Connection connection, Schema schema, ActionContext context) {
    super(name, side, connection, schema, context);
    this.side = side;
  }

  static PostgresReader open(String name, PostgresSide side, ActionContext context)
      throws ActionException {
    try {
      Connection connection = side.connect();
      try {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        Schema schema = Dialect.POSTGRES.read(connection, side.schema());
        return new PostgresReader(name, side, connection, schema, context);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw side.failure("Could not read the " + name, e, context);
    }
  }

  @Override
  void rows(Table table, List<Column> columns, String condition, Sink sink)
      throws SQLException, ActionException, IOException {
    String list =
        columns.isEmpty()
            ? "1"
            : columns.stream().map(PostgresReader::asked).collect(Collectors.joining(", "));
    CopyOut copy =
        connection()
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut(
                "COPY (SELECT "
                    + list
                    + " FROM "
                    + Dialect.quote(table)
                    + condition
                    + ") TO STDOUT");
    boolean complete = false;
    try {
      CopiedRow row = new CopiedRow(columns.size());
      for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
        row.take(line);
        sink.row(row);
      }
      complete = true;
    } finally {
      if (!complete && copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** As text where {@code sync.copy} asks for it so, since COPY writes some types otherwise. */
  private static String asked(Column column) {
    String name = Dialect.quote(column.name());
    return column.kind() == PostgresKind.OTHER ? name + "::text" : name;
  }

  @Override
  ActionException failure(String what, SQLException problem) {
    return side.failure(what, problem, context());
  }

  @Override
  public void close() {
    try {
      connection().close();
    } catch (SQLException e) {
      // It only read; the server ends what is left of it.
    }
  }
}
