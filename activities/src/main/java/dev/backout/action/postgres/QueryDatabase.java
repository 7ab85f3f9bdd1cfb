package dev.backout.action.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a database for facts. */
@ActionInfo(
    name = "postgres.query",
    summary = "Ask a PostgreSQL database for facts",
    description =
        """
        Runs one statement in a read-only transaction that is rolled back, and gives the rows, typed, for `expect`:

        ```yaml
        uses: postgres.query
        with:
          url: secret:DATABASE_URL
          query: select count(*) from invoices i where credited and not exists (select from ledger_entries where invoice_id = i.id)
        expect: outputs.value == 0
        ```

        A value from outside goes into `parameters`, and as `?` into the query, never into its text. PostgreSQL keeps the
        transaction from writing; what a function does outside it, nobody can. Give it a login that may only read.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "Its transaction is read-only.")
public final class QueryDatabase implements Action<QueryDatabase.Input, QueryDatabase.Output> {
  private static final int SHOWN = 10;

  public record Input(
      @Doc("The server and the login, such as `secret:DATABASE_URL`.") TextOrSecret url,
      @Doc("Another database of the server than the URL's.") @Nullable String database,
      @Doc("One statement that reads.") String query,
      @Doc(value = "The values of its `?`, in their order.", defaultValue = "[]")
          List<JsonNode> parameters,
      @Doc(value = "How many rows are given at most.", defaultValue = "100") int maxRows,
      @Doc(value = "When PostgreSQL gives the statement up.", defaultValue = "30s")
          Duration timeout) {}

  public record Output(
      @Doc("The first column of the first row; null if there is none.") JsonNode value,
      @Doc("The rows, each by the columns' names.") List<Map<String, JsonNode>> rows,
      @Doc("How many rows these are.") int count,
      @Doc("Whether these are all.") boolean complete) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    OneStatement.require("query", input.query());
    PostgresUrl url = PostgresUrl.of(input.url(), input.database(), context);
    Duration patience = input.timeout().plusSeconds(5);
    long deadline = System.nanoTime() + patience.toNanos();
    try (Connection connection = Login.connect(url, patience);
        Hourglass limit = new Hourglass(connection, deadline)) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      limitStatements(connection, input.timeout());
      Output output = ask(connection, input);
      connection.rollback();
      return output;
    } catch (SQLException e) {
      throw Login.failure("The database did not answer the query", e, url, context);
    }
  }

  static void limitStatements(Connection connection, Duration timeout) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = " + Math.max(1, timeout.toMillis()));
    }
  }

  private static Output ask(Connection connection, Input input)
      throws SQLException, ActionException {
    try (PreparedStatement statement = connection.prepareStatement(input.query())) {
      bind(statement, input.parameters());
      statement.setMaxRows(input.maxRows() + 1);
      if (!statement.execute()) {
        throw new ActionException(
            Kind.INVALID_INPUT, "query gives no rows, so it is no question. Begin it with select.");
      }
      List<Map<String, JsonNode>> rows = new ArrayList<>();
      try (ResultSet result = statement.getResultSet()) {
        while (result.next()) {
          rows.add(Values.row(result));
        }
      }
      boolean complete = rows.size() <= input.maxRows();
      List<Map<String, JsonNode>> given = complete ? rows : rows.subList(0, input.maxRows());
      JsonNode first =
          given.stream()
              .flatMap(row -> row.values().stream())
              .findFirst()
              .orElse(JsonNodeFactory.instance.nullNode());
      return new Output(first, List.copyOf(given), given.size(), complete);
    }
  }

  static void bind(PreparedStatement statement, List<JsonNode> parameters) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      JsonNode value = parameters.get(i);
      if (value.isIntegralNumber()) {
        statement.setLong(i + 1, value.longValue());
      } else if (value.isNumber()) {
        statement.setBigDecimal(i + 1, new BigDecimal(value.asText()));
      } else if (value.isBoolean()) {
        statement.setBoolean(i + 1, value.booleanValue());
      } else {
        // Of no type yet, so that PostgreSQL takes it for a time or a uuid where one is wanted.
        String text = value.isContainerNode() ? value.toString() : value.asText();
        statement.setObject(i + 1, value.isNull() ? null : text, java.sql.Types.OTHER);
      }
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Output output = run(input, context);
    List<String> lines = new ArrayList<>();
    output.rows().stream().findFirst().ifPresent(row -> lines.add(String.join("\t", row.keySet())));
    output.rows().stream()
        .limit(SHOWN)
        .forEach(
            row ->
                lines.add(String.join("\t", row.values().stream().map(JsonNode::asText).toList())));
    return new Preview(
        output.count() + (output.complete() ? "" : " or more") + " rows now",
        false,
        lines.isEmpty() ? List.of() : List.of(new Detail(Preview.Kind.TABLE, "Rows", lines)),
        output);
  }
}
