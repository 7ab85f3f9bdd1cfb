package dev.backout.action.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out why a database is slow. */
@ActionInfo(
    name = "postgres.explain",
    summary =
        "Ask PostgreSQL how it carries a query out, which queries are slow, and which indexes are missing",
    description =
        """
        Of a query: its plan, what it costs and, with `analyze`, how long it really took; and the tables of at least `largeTable` rows that it reads from
        beginning to end. Of the database, whatever the query: foreign keys that no index leads, large tables that are mostly read from beginning to end, and,
        where the extension `pg_stat_statements` is there, the queries that take longest.

        ```yaml
        uses: postgres.explain
        with:
          url: secret:DATABASE_URL
          query: select * from artifacts order by discovery_score desc limit 100
          analyze: true
        expect: outputs.scans.size() == 0
        ```

        The query is one statement, in a read-only transaction that is rolled back. With `analyze` it is really carried out, within `timeout`.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "Its transaction is read-only.")
public final class ExplainQuery implements Action<ExplainQuery.Input, ExplainQuery.Output> {

  public record Input(
      @Doc("The server, the login and the database, such as `secret:DATABASE_URL`.")
          TextOrSecret url,
      @Doc("Another database of the server than the URL's.") @Nullable String database,
      @Doc("One statement that reads. Only the database is looked at if absent.")
          @Nullable String query,
      @Doc(value = "The values of its `?`, in their order.", defaultValue = "[]")
          List<JsonNode> parameters,
      @Doc(value = "Whether it is really carried out, and measured.", defaultValue = "false")
          boolean analyze,
      @Doc(value = "From how many rows on a table is a large one.", defaultValue = "10000")
          long largeTable,
      @Doc(value = "When PostgreSQL gives the query up.", defaultValue = "30s") Duration timeout) {}

  public record Output(
      @Doc("The query's plan, a line for each node; empty without a query.") List<String> plan,
      @Doc("What PostgreSQL takes it to cost, in its own unit; absent without a query.")
          @Nullable Double cost,
      @Doc(
              value = "How long it took, in milliseconds; absent unless it was carried out.",
              reading = true)
          @Nullable Double millis,
      @Doc("Large tables that the query reads from beginning to end.") List<Scan> scans,
      @Doc("Foreign keys whose columns no index leads.") List<ForeignKey> unindexed,
      @Doc(value = "Large tables that are mostly read from beginning to end.", reading = true)
          List<Scanned> scanned,
      @Doc(
              value =
                  "The ten queries that take longest, on average; empty without pg_stat_statements.",
              reading = true)
          List<Slow> slow) {}

  /** A table that a query reads from beginning to end. */
  public record Scan(
      @Doc("SCHEMA.TABLE.") String table,
      @Doc("How many rows it has, by PostgreSQL's statistics.") long rows,
      @Doc("By what rows are chosen, where an index might help; empty for nothing.")
          String filter) {}

  /** A foreign key without an index. */
  public record ForeignKey(
      @Doc("SCHEMA.TABLE.") String table,
      @Doc("Its columns.") List<String> columns,
      @Doc("What they point at.") String references) {}

  /** How a table was read since the statistics were reset. */
  public record Scanned(
      @Doc("SCHEMA.TABLE.") String table,
      @Doc("How many rows it has.") long rows,
      @Doc("How often it was read from beginning to end.") long scans,
      @Doc("How often by an index.") long byIndex) {}

  /** A query as pg_stat_statements has it. */
  public record Slow(
      @Doc("The query, without its values.") String query,
      @Doc("How often it was carried out.") long calls,
      @Doc("How long it took on average, in milliseconds.") double averageMillis,
      @Doc("How long it took in all, in milliseconds.") double totalMillis) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    if (input.query() != null) {
      OneStatement.require("query", input.query());
    }
    PostgresUrl url = PostgresUrl.of(input.url(), input.database(), context);
    Duration patience = input.timeout().plusSeconds(30);
    try (Connection connection = Login.connect(url, patience);
        Hourglass limit = new Hourglass(connection, System.nanoTime() + patience.toNanos())) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      QueryDatabase.limitStatements(connection, input.timeout());
      Output output = look(input, connection);
      connection.rollback();
      return output;
    } catch (SQLException e) {
      throw Login.failure("The database did not say how it works", e, url, context);
    }
  }

  private static Output look(Input input, Connection connection) throws SQLException {
    QueryPlan plan = QueryPlan.of(input, connection);
    return new Output(
        plan.lines(),
        plan.cost(),
        plan.millis(),
        plan.scans(input.largeTable(), connection),
        Habits.unindexed(connection),
        Habits.scanned(input.largeTable(), connection),
        Habits.slow(connection));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Output output = run(input, context);
    List<Detail> details = new ArrayList<>();
    if (!output.plan().isEmpty()) {
      details.add(new Detail(Preview.Kind.NOTE, "Plan", output.plan()));
    }
    if (!output.unindexed().isEmpty()) {
      details.add(
          new Detail(
              Preview.Kind.NOTE,
              "Foreign keys without an index",
              output.unindexed().stream()
                  .map(each -> each.table() + " " + each.columns() + " to " + each.references())
                  .toList()));
    }
    return new Preview(
        output.scans().isEmpty()
            ? "No large table is read from beginning to end"
            : "Read from beginning to end: "
                + String.join(", ", output.scans().stream().map(Scan::table).toList()),
        false,
        details,
        output);
  }
}
