package dev.backout.action.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.PrivateFiles;
import dev.backout.action.TextDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A change of rows in one transaction, kept or rolled back. */
final class Fix {
  private static final int MOST_ROWS = 1000;

  /** The connection broke, or the server ended it, which it may do behind the commit too. */
  private static final Pattern UNTOLD = Pattern.compile("08...|57P0[12]|40003");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ChangeRows.Input input;
  private final ActionContext context;
  private final PostgresUrl url;

  Fix(ChangeRows.Input input, ActionContext context) throws ActionException {
    this.input = input;
    this.context = context;
    this.url = PostgresUrl.of(input.url(), input.database(), context);
  }

  /** What a question gave before the change and after it. */
  record Shown(
      String query, List<Map<String, JsonNode>> before, List<Map<String, JsonNode>> after) {}

  /**
   * What was done.
   *
   * @param counts of rows, for each statement
   * @param returned rows, for each statement
   * @param kept the file with the looks; null if there are none, or the change isn't kept
   */
  record Made(
      List<Long> counts,
      List<List<Map<String, JsonNode>>> returned,
      List<Shown> looks,
      @Nullable Kept kept) {

    Made keep(ActionContext context) throws IOException {
      if (looks.isEmpty()) {
        return this;
      }
      Path file = PrivateFiles.create(context.evidence("rows.json"));
      String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(looks);
      Files.writeString(file, context.mask(text) + "\n");
      return new Made(counts, returned, looks, new Kept(file, Durable.sha256(file, context)));
    }
  }

  /** Evidence. */
  record Kept(Path file, String sha256) {}

  /**
   * @param keep whether it is committed
   */
  Made carryOut(boolean keep) throws ActionException, IOException {
    Duration patience =
        input
            .timeout()
            .plus(input.lockTimeout())
            .multipliedBy(2L + input.statements().size() + 2L * input.show().size());
    try (Connection connection = Login.connect(url, patience);
        Hourglass limit = new Hourglass(connection, System.nanoTime() + patience.toNanos())) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      Made made;
      try {
        made = change(connection);
        // Before the commit: a disk that is full then still takes all back.
        made = keep ? made.keep(context) : made;
      } catch (SQLException | ActionException | IOException e) {
        rollBack(connection);
        throw e;
      }
      if (keep) {
        commit(connection);
      } else {
        connection.rollback();
      }
      return made;
    } catch (SQLException e) {
      throw Login.failure("Nothing was changed", e, url, context);
    }
  }

  /** It is, whether or not the server still hears of it. */
  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The connection is gone, and the server takes all back by itself.
    }
  }

  private void commit(Connection connection) throws SQLException, ActionException {
    try {
      connection.commit();
    } catch (SQLException e) {
      if (UNTOLD.matcher(String.valueOf(e.getSQLState())).matches()) {
        throw new ActionException(
            Kind.UNKNOWN_OUTCOME,
            "The connection broke while the change was committed, so nobody knows whether it was: "
                + Login.describe(e, url, context)
                + ". Look whether the rows are changed"
                + (input.audit() == null
                    ? ""
                    : ", or whether " + input.audit().table() + " has its row")
                + ", then decide.",
            e);
      }
      throw e;
    }
  }

  private Made change(Connection connection) throws SQLException, ActionException {
    QueryDatabase.limitStatements(connection, input.timeout());
    Sql.execute(
        connection, "SET LOCAL lock_timeout = " + Math.max(1, input.lockTimeout().toMillis()));
    Optional<AuditRow> audit =
        Optional.ofNullable(input.audit()).map(each -> new AuditRow(each, context));
    if (audit.isPresent()) {
      audit.get().requireNone(connection);
    }
    List<List<Map<String, JsonNode>>> before = looks(connection);
    List<Long> counts = new ArrayList<>();
    List<List<Map<String, JsonNode>>> returned = new ArrayList<>();
    for (int i = 0; i < input.statements().size(); i++) {
      context.heartbeat("statement " + (i + 1) + " of " + input.statements().size());
      change(i, connection, counts, returned);
    }
    Sql.execute(connection, "SET CONSTRAINTS ALL IMMEDIATE");
    List<List<Map<String, JsonNode>>> after = looks(connection);
    if (audit.isPresent()) {
      audit.get().insert(input.statements(), counts, connection);
    }
    List<Shown> shown = new ArrayList<>();
    for (int i = 0; i < input.show().size(); i++) {
      shown.add(new Shown(input.show().get(i).query(), before.get(i), after.get(i)));
    }
    return new Made(counts, returned, shown, null);
  }

  private void change(
      int index,
      Connection connection,
      List<Long> counts,
      List<List<Map<String, JsonNode>>> returned)
      throws SQLException, ActionException {
    ChangeRows.Change change = input.statements().get(index);
    try (PreparedStatement statement = connection.prepareStatement(change.sql())) {
      QueryDatabase.bind(statement, change.parameters());
      boolean gives = statement.execute();
      List<Map<String, JsonNode>> rows = List.of();
      long count;
      if (gives) {
        rows = new ArrayList<>();
        try (ResultSet result = statement.getResultSet()) {
          count = read(result, rows);
        }
      } else {
        count = Math.max(0, statement.getLargeUpdateCount());
      }
      requireCount(index, change, count);
      counts.add(count);
      returned.add(rows);
    }
  }

  private void requireCount(int index, ChangeRows.Change change, long count)
      throws ActionException {
    if (change.rows() != null && change.rows() != count) {
      throw new ActionException(
          Kind.PERMANENT,
          "Statement "
              + (index + 1)
              + " concerns "
              + count
              + " rows, expected "
              + change.rows()
              + ": "
              + context.mask(change.sql().strip())
              + ". All was rolled back. See which rows they are, then correct the statement or `rows`.");
    }
  }

  private List<List<Map<String, JsonNode>>> looks(Connection connection) throws SQLException {
    List<List<Map<String, JsonNode>>> looks = new ArrayList<>();
    for (ChangeRows.Look look : input.show()) {
      List<Map<String, JsonNode>> rows = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(look.query())) {
        QueryDatabase.bind(statement, look.parameters());
        statement.setMaxRows(MOST_ROWS);
        try (ResultSet result = statement.executeQuery()) {
          long unused = read(result, rows);
        }
      }
      looks.add(rows);
    }
    return looks;
  }

  /**
   * @return how many there are, also of those that are too many to be kept
   */
  private long read(ResultSet result, List<Map<String, JsonNode>> rows) throws SQLException {
    long count = 0;
    while (result.next()) {
      count++;
      if (count <= MOST_ROWS) {
        rows.add(masked(Values.row(result)));
      }
    }
    return count;
  }

  private Map<String, JsonNode> masked(Map<String, JsonNode> row) {
    Map<String, JsonNode> masked = new LinkedHashMap<>();
    row.forEach(
        (column, value) ->
            masked.put(
                column,
                !value.isNull()
                        && (input.masked().contains(column)
                            || TextDiff.isConfidential(column, value.asText()))
                    ? JsonNodeFactory.instance.textNode("***")
                    : value));
    return masked;
  }
}
