package dev.backout.demo.harvester;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables artifacts, topics and entities, in PostgreSQL or SQLite. One connection a question.
 */
final class Store {
  private final String jdbcUrl;

  Store(String jdbcUrl) {
    this.jdbcUrl = jdbcUrl;
  }

  /**
   * @throws SQLException if the database does not answer, with the reason
   */
  void ping() throws SQLException {
    rows("SELECT COUNT(*) AS n FROM artifacts");
  }

  List<Map<String, Object>> discoveries(int limit) throws SQLException {
    return rows(
        "SELECT a.id, a.title, a.url, a.discovery_score, t.name AS topic,"
            + " CAST(a.created_at AS text) AS created_at FROM artifacts a JOIN topics t ON t.id = a.topic_id"
            + " ORDER BY a.discovery_score DESC, a.id LIMIT ?",
        limit);
  }

  List<Map<String, Object>> topics() throws SQLException {
    return rows(
        "SELECT t.id, t.name, COUNT(a.id) AS artifacts FROM topics t"
            + " LEFT JOIN artifacts a ON a.topic_id = t.id GROUP BY t.id, t.name ORDER BY t.id");
  }

  List<Map<String, Object>> entities() throws SQLException {
    return rows("SELECT id, name, kind, artifact_id FROM entities ORDER BY id");
  }

  Map<String, Object> counts() throws SQLException {
    return rows("SELECT (SELECT COUNT(*) FROM artifacts) AS artifacts,"
            + " (SELECT COUNT(*) FROM topics) AS topics,"
            + " (SELECT COUNT(*) FROM entities) AS entities")
        .get(0);
  }

  /** Adds one artifact under the first topic. */
  void harvest(Instant now) throws SQLException {
    try (Connection connection = open();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO artifacts (id, title, url, discovery_score, topic_id, created_at)"
                    + " SELECT MAX(id) + 1, ?, ?, 50, 1, CAST(? AS "
                    + (jdbcUrl.startsWith("jdbc:sqlite:") ? "TEXT" : "timestamptz")
                    + ") FROM artifacts")) {
      insert.setString(1, "Harvested at " + now);
      insert.setString(2, "https://example.org/" + now.toEpochMilli());
      insert.setString(3, now.toString());
      insert.executeUpdate();
    }
  }

  private List<Map<String, Object>> rows(String sql, Object... values) throws SQLException {
    try (Connection connection = open();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setQueryTimeout(5);
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return all(result);
      }
    }
  }

  private static List<Map<String, Object>> all(ResultSet result) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    List<Map<String, Object>> rows = new ArrayList<>();
    while (result.next()) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        row.put(columns.getColumnLabel(i), result.getObject(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(jdbcUrl);
  }
}
