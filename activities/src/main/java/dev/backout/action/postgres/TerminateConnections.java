package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Amounts;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends connections that nobody uses. */
@ActionInfo(
    name = "postgres.terminateConnections",
    summary =
        "End connections to a PostgreSQL server, such as those that sit idle in a transaction",
    description =
        """
        Ends those that have been in one of the `states` for at least `olderThan`; a connection that works is not among them unless `active` is. What a
        connection had not committed is rolled back by the server. The connection by which it is done, and the server's own processes, are never ended.

        ```yaml
        uses: postgres.terminateConnections
        with: { url: "secret:ADMIN_DATABASE_URL", olderThan: 5m }
        ```

        Where all connections are taken, the login must be one for which the server keeps some free: a superuser's. To end others' connections it
        needs the right `pg_signal_backend`.
        """,
    repeatable = Repeatable.SAFE,
    because = "It ends what it finds in that state, and a connection that has ended stays so.")
public final class TerminateConnections
    implements Action<TerminateConnections.Input, TerminateConnections.Output> {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final String WHERE =
      " FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
          + " AND state = ANY (string_to_array(?, ',')) AND now() - state_change >= ? * interval '1 millisecond'"
          + " AND (?::text IS NULL OR datname = ?::text) AND (?::text IS NULL OR usename = ?::text)"
          + " AND (?::text IS NULL OR application_name LIKE ?::text)";

  public record Input(
      @Doc("The server and the login, such as `secret:ADMIN_DATABASE_URL`.") TextOrSecret url,
      @Doc(
              value = "What they must be doing, in PostgreSQL's words.",
              defaultValue = "[idle in transaction, idle in transaction (aborted), idle]")
          List<String> states,
      @Doc(value = "For how long at least.", defaultValue = "5m") Duration olderThan,
      @Doc("Only those to this database. To any if absent.") @Nullable String database,
      @Doc("Only those of this login. Of any if absent.") @Nullable String user,
      @Doc("Only of clients that call themselves so, with `%` for anything. Any if absent.")
          @Nullable String application) {}

  public record Output(
      @Doc("Those that were ended: at most 100.") List<Session> sessions,
      @Doc(value = "How many were ended.", reading = true) int terminated,
      @Doc(value = "How many clients are connected afterwards, this one included.", reading = true)
          int connections,
      @Doc("How many the server takes in all.") int maxConnections) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    try (Connection connection = Login.connect(url, LIMIT)) {
      List<Session> sessions = sessions(input, connection);
      int ended = end(input, connection);
      return output(sessions, ended, connection);
    } catch (SQLException e) {
      throw Login.failure("The connections could not be ended", e, url, context);
    }
  }

  private static Output output(List<Session> sessions, int ended, Connection connection)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
      row.next();
      return new Output(sessions.stream().limit(100).toList(), ended, row.getInt(1), row.getInt(2));
    }
  }

  private static List<Session> sessions(Input input, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT " + Session.COLUMNS + WHERE + " ORDER BY state_change")) {
      bind(statement, input);
      return Session.read(statement);
    }
  }

  /** Whoever is in that state at this moment, so that no process is ended for another's number. */
  private static int end(Input input, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))" + WHERE)) {
      bind(statement, input);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static void bind(PreparedStatement statement, Input input) throws SQLException {
    statement.setString(1, String.join(",", input.states()));
    statement.setLong(2, input.olderThan().toMillis());
    both(statement, 3, input.database());
    both(statement, 5, input.user());
    both(statement, 7, input.application());
  }

  private static void both(PreparedStatement statement, int at, @Nullable String filter)
      throws SQLException {
    statement.setString(at, filter);
    statement.setString(at + 1, filter);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    try (Connection connection = Login.connect(url, LIMIT)) {
      List<Session> sessions = sessions(input, connection);
      return new Preview(
          sessions.isEmpty()
              ? "No connection is to be ended now"
              : "Would end " + sessions.size() + " connections",
          !sessions.isEmpty(),
          sessions.isEmpty()
              ? List.of()
              : List.of(
                  new Detail(
                      Preview.Kind.LOSS,
                      "What they have not committed",
                      sessions.stream()
                          .map(
                              each ->
                                  each
                                      + ", for "
                                      + Amounts.text(Duration.ofSeconds(each.seconds())))
                          .toList())),
          null);
    } catch (SQLException e) {
      throw Login.failure("The connections can't be looked at", e, url, context);
    }
  }
}
