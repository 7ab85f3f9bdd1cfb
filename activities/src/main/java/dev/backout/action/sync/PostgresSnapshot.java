package dev.backout.action.sync;

import dev.backout.action.sync.schema.Schema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** A database at one instant, for as many connections as want to read it. */
public final class PostgresSnapshot implements AutoCloseable {
  private static final String BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

  private final PostgresSide side;
  private final Connection connection;
  private final String name;
  private final Instant taken;

  private PostgresSnapshot(PostgresSide side, Connection connection, String name, Instant taken) {
    this.side = side;
    this.connection = connection;
    this.name = name;
    this.taken = taken;
  }

  public static PostgresSnapshot take(PostgresSide side) throws SQLException {
    Connection connection = side.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute(BEGIN);
      try (ResultSet row =
          statement.executeQuery("SELECT pg_export_snapshot(), transaction_timestamp()")) {
        row.next();
        return new PostgresSnapshot(
            side, connection, row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant());
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** By the server's clock. */
  public Instant taken() {
    return taken;
  }

  List<String> clockNotes(Duration overlap) throws SQLException {
    return ClockSkew.notes(connection, overlap);
  }

  public Schema schema() throws SQLException {
    return side.dialect().read(connection, side.schema());
  }

  /** One more connection that sees the same. */
  public Connection join() throws SQLException {
    Connection other = side.connect();
    try (Statement statement = other.createStatement()) {
      statement.execute(BEGIN + "; SET TRANSACTION SNAPSHOT '" + name + "'");
      return other;
    } catch (SQLException e) {
      other.close();
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
