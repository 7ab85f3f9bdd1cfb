package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sees that a database refuses what it has to refuse. */
@ActionInfo(
    name = "postgres.assertRejects",
    summary =
        "See that a PostgreSQL database refuses a statement, such as a change of what may only be added to",
    description =
        """
        Tries the statement in a transaction that is rolled back whatever comes of it, and fails if the database takes it:

        ```yaml
        uses: postgres.assertRejects
        with:
          url: secret:DATABASE_URL
          statement: update ledger_entries set change_amount = 0 where id = (select min(id) from ledger_entries)
        ```

        A refusal is an exception that a trigger or function raises (`P0001`), a missing right (`42501`) or a constraint
        (`23…`, those too that are checked at the end); others count if `sqlStates` names them. A wrong table's name, a lock or a
        standby proves nothing and fails, and so does a statement that is taken and concerns no row: a trigger for each row never
        sees it. It waits for no lock longer than 2 s. What a trigger does outside the database is not taken back.
        """,
    repeatable = Repeatable.SAFE,
    because = "Its transaction is always rolled back.",
    nothingToUndo = true)
public final class AssertRejects implements Action<AssertRejects.Input, AssertRejects.Output> {
  private static final int LOCK_MILLIS = 2000;

  public record Input(
      @Doc(
              "The server and the login, such as `secret:DATABASE_URL`: that of the application, whose rights count.")
          TextOrSecret url,
      @Doc("Another database of the server than the URL's.") @Nullable String database,
      @Doc("One statement, which is to be refused.") String statement,
      @Doc(
              value = "PostgreSQL's codes, or beginnings of them, that count as refusals besides.",
              defaultValue = "[]")
          List<String> sqlStates,
      @Doc(value = "When PostgreSQL gives the statement up.", defaultValue = "10s")
          Duration timeout) {}

  public record Output(
      @Doc("PostgreSQL's code for the refusal.") String sqlState,
      @Doc("What it said.") String message) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    OneStatement.require("statement", input.statement());
    PostgresUrl url = PostgresUrl.of(input.url(), input.database(), context);
    Duration patience = input.timeout().plusSeconds(5);
    long deadline = System.nanoTime() + patience.toNanos();
    try (Connection connection = Login.connect(url, patience);
        Hourglass limit = new Hourglass(connection, deadline)) {
      connection.setAutoCommit(false);
      QueryDatabase.limitStatements(connection, input.timeout());
      return refusal(connection, input, url, context);
    } catch (SQLException e) {
      throw Login.failure("The database could not be asked", e, url, context);
    }
  }

  private static Output refusal(
      Connection connection, Input input, PostgresUrl url, ActionContext context)
      throws SQLException, ActionException {
    long rows;
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + LOCK_MILLIS);
      rows = statement.execute(input.statement()) ? -1 : statement.getLargeUpdateCount();
      statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
    } catch (SQLException e) {
      connection.rollback();
      return judged(e, input, url, context);
    }
    connection.rollback();
    throw new ActionException(
        Kind.PERMANENT,
        "The database takes what it was expected to refuse"
            + (rows == 0
                ? ", though it concerns no row, so that a trigger for each row never saw it: choose a row that is there"
                : rows > 0 ? ", and would have changed " + rows + " rows" : "")
            + ": "
            + context.mask(input.statement())
            + ". It was rolled back. See whether the trigger or the right is still what it was.");
  }

  private static Output judged(
      SQLException problem, Input input, PostgresUrl url, ActionContext context)
      throws ActionException {
    String state = String.valueOf(problem.getSQLState());
    boolean refused =
        state.equals("P0001")
            || state.equals("42501")
            || state.startsWith("23")
            || input.sqlStates().stream().anyMatch(state::startsWith);
    if (!refused) {
      throw Login.failure(
          "The statement failed, and that proves nothing of what the database refuses",
          problem,
          url,
          context);
    }
    return new Output(state, Login.describe(problem, url, context));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    OneStatement.require("statement", input.statement());
    return new Preview(
        "Would try a statement that the database is to refuse, and roll it back",
        false,
        List.of(new Detail(Preview.Kind.NOTE, "Statement", input.statement().lines().toList())),
        null);
  }
}
