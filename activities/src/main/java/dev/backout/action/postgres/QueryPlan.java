package dev.backout.action.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How PostgreSQL carries a query out.
 *
 * @param root the outermost node, as EXPLAIN has it in JSON; null without a query
 * @param millis that it took; null unless it was carried out
 */
record QueryPlan(@Nullable JsonNode root, @Nullable Double millis) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static QueryPlan of(ExplainQuery.Input input, Connection connection) throws SQLException {
    if (input.query() == null) {
      return new QueryPlan(null, null);
    }
    String options = input.analyze() ? "ANALYZE, BUFFERS, VERBOSE" : "VERBOSE";
    try (PreparedStatement statement =
        connection.prepareStatement("EXPLAIN (FORMAT JSON, " + options + ") " + input.query())) {
      QueryDatabase.bind(statement, input.parameters());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        JsonNode plan = JSON.readTree(rows.getString(1)).path(0);
        JsonNode millis = plan.path("Execution Time");
        return new QueryPlan(plan.path("Plan"), millis.isNumber() ? millis.asDouble() : null);
      } catch (JsonProcessingException e) {
        throw new SQLException("EXPLAIN's answer can't be read: " + e.getOriginalMessage(), e);
      }
    }
  }

  @Nullable Double cost() {
    return root == null ? null : root.path("Total Cost").asDouble();
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (root != null) {
      describe(root, 0, lines);
    }
    return lines;
  }

  private static void describe(JsonNode node, int depth, List<String> lines) {
    StringBuilder line = new StringBuilder("  ".repeat(depth));
    line.append(node.path("Node Type").asText());
    if (node.has("Relation Name")) {
      line.append(" on ").append(table(node));
    }
    if (node.has("Index Name")) {
      line.append(" by ").append(node.path("Index Name").asText());
    }
    line.append(
        String.format(
            Locale.ROOT,
            ", %.0f rows expected, cost %.0f",
            node.path("Plan Rows").asDouble(),
            node.path("Total Cost").asDouble()));
    if (node.has("Actual Rows")) {
      line.append(
          String.format(
              Locale.ROOT,
              "; %.0f rows in %.1f ms, %d times",
              node.path("Actual Rows").asDouble(),
              node.path("Actual Total Time").asDouble(),
              node.path("Actual Loops").asLong()));
    }
    if (node.has("Filter")) {
      line.append("; filter ").append(node.path("Filter").asText());
    }
    lines.add(line.toString());
    node.path("Plans").forEach(child -> describe(child, depth + 1, lines));
  }

  private static String table(JsonNode node) {
    return node.path("Schema").asText() + "." + node.path("Relation Name").asText();
  }

  /**
   * @param large from how many rows on
   */
  List<ExplainQuery.Scan> scans(long large, Connection connection) throws SQLException {
    List<ExplainQuery.Scan> scans = new ArrayList<>();
    if (root != null) {
      collect(root, large, connection, scans);
    }
    return scans;
  }

  private static void collect(
      JsonNode node, long large, Connection connection, List<ExplainQuery.Scan> scans)
      throws SQLException {
    if (node.path("Node Type").asText().endsWith("Seq Scan")) {
      long rows = rows(node, connection);
      if (rows >= large) {
        scans.add(new ExplainQuery.Scan(table(node), rows, node.path("Filter").asText("")));
      }
    }
    for (JsonNode child : node.path("Plans")) {
      collect(child, large, connection, scans);
    }
  }

  /** Or, where nobody has analyzed the table yet, as many as its length lets expect. */
  private static long rows(JsonNode node, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT CASE WHEN c.reltuples < 0 THEN pg_relation_size(c.oid) / 100 ELSE c.reltuples END::bigint"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?")) {
      statement.setString(1, node.path("Schema").asText());
      statement.setString(2, node.path("Relation Name").asText());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
