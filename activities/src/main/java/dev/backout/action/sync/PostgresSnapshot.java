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

/**
 * A database at one instant, for as many connections as want to read it; for one alone where the
 * server ends snapshots that have grown old ({@code old_snapshot_threshold}, PostgreSQL 9.6 to 16).
 * There a connection that joins a snapshot counts as young as its joining: of tables that were
 * vacuumed between the two it sees a later state, and no error says so.
 */
public final class PostgresSnapshot implements AutoCloseable {
  private static final String BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

  private final PostgresSide side;
  private final Connection connection;
  private final String name;
  private final Instant taken;
  private final boolean growsOld;

  private PostgresSnapshot(
      PostgresSide side, Connection connection, String name, Instant taken, boolean growsOld) {
    this.side = side;
    this.connection = connection;
    this.name = name;
    this.taken = taken;
    this.growsOld = growsOld;
  }

  public static PostgresSnapshot take(PostgresSide side) throws SQLException {
    Connection connection = side.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute(BEGIN);
      try (ResultSet row =
          statement.executeQuery(
              "SELECT pg_export_snapshot(), transaction_timestamp(),"
                  + " coalesce(current_setting('old_snapshot_threshold', true), '-1') <> '-1'")) {
        row.next();
        return new PostgresSnapshot(
            side,
            connection,
            row.getString(1),
            row.getObject(2, OffsetDateTime.class).toInstant(),
            row.getBoolean(3));
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

  /** How many connections may read it side by side, of those that want to. */
  int readers(int wanted) {
    return growsOld ? Math.min(1, wanted) : wanted;
  }

  /**
   * A connection that sees the same; who asks for it closes it, and asks for no more than {@link
   * #readers}.
   */
  public Connection join() throws SQLException {
    if (growsOld) {
      return connection;
    }
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
