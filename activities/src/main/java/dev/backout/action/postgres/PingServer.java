package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a PostgreSQL server whether it is there. */
@ActionInfo(
    name = "postgres.ping",
    summary = "Ask whether a PostgreSQL server lets one in and answers",
    description =
        """
        Logs in and asks one question. A server that can't be reached, refuses the login or doesn't
        answer in time is not a failure of the step but its result: `reachable` is false, `error` says
        what happened and `sqlState` how PostgreSQL classes it (`08001` and `08006` for no connection,
        `28P01` for a wrong password, `53300` for too many connections, `57P03` while it starts).

        URLs may be written as for `psql`, SQLAlchemy or JDBC. The password shows up nowhere.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks.")
public final class PingServer implements Action<PingServer.Input, PingServer.Output> {

  public record Input(
      @Doc("The server and the login, such as `secret:DATABASE_URL`.") TextOrSecret url,
      @Doc(
              value =
                  "How long it may take until the answer; for the login it is rounded up to seconds.",
              defaultValue = "5s")
          Duration timeout) {}

  public record Output(
      @Doc("Whether it let us in and answered.") boolean reachable,
      @Doc(value = "How long that took, or how long until it was given up.", reading = true)
          Duration latency,
      @Doc("The server's version, such as `14.22`; absent if it wasn't reached.")
          @Nullable String version,
      @Doc("Whether it is a standby that follows another; absent if it wasn't reached.")
          @Nullable Boolean standby,
      @Doc("Why it wasn't reached; absent if it was.") @Nullable String error,
      @Doc("PostgreSQL's code for that error; absent if there is none.")
          @Nullable String sqlState) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    long start = System.nanoTime();
    try (Connection connection = Login.connect(url, input.timeout());
        Hourglass limit = new Hourglass(connection, start + input.timeout().toNanos());
        Statement statement = connection.createStatement();
        ResultSet answer =
            statement.executeQuery(
                "SELECT current_setting('server_version'), pg_is_in_recovery()")) {
      answer.next();
      return new Output(true, since(start), answer.getString(1), answer.getBoolean(2), null, null);
    } catch (SQLException e) {
      boolean late = since(start).compareTo(input.timeout()) >= 0;
      String error =
          (late ? "no answer within " + Durations.print(input.timeout()) + ": " : "")
              + Login.describe(e, url, context);
      return new Output(false, since(start), null, null, error, e.getSQLState());
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Output output = run(input, context);
    return new Preview(
        output.reachable()
            ? "PostgreSQL " + output.version() + " answered"
            : "PostgreSQL can't be reached: " + output.error(),
        false,
        List.of(),
        output);
  }
}
