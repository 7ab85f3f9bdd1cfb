package dev.backout.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** The service's tables and rows, the same in PostgreSQL and SQLite up to the number of rows. */
final class Seed {
  private static final String[] SUBJECTS = {
    "Sparse attention",
    "Battery recycling",
    "Protein folding",
    "Edge inference",
    "Grid storage",
    "Open silicon",
    "Soil sensing",
    "Quantum error correction"
  };
  private static final String[] VERBS = {"gets cheaper", "scales", "is reproduced", "stalls"};

  private final SiteSpec.Rows rows;
  private final int padding;
  private final Instant newest;

  /**
   * @param newest when the last artifact was harvested
   */
  Seed(SiteSpec.Rows rows, int padding, Instant newest) {
    this.rows = rows;
    this.padding = padding;
    this.newest = newest;
  }

  void into(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    createTables(connection);
    topics(connection);
    artifacts(connection);
    entities(connection);
    connection.commit();
  }

  private static void createTables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
      statement.execute(
          "CREATE TABLE artifacts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL,"
              + " discovery_score REAL, topic_id INTEGER NOT NULL REFERENCES topics (id),"
              + " created_at TEXT NOT NULL, body TEXT)");
      statement.execute(
          "CREATE TABLE entities (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,"
              + " artifact_id INTEGER NOT NULL REFERENCES artifacts (id))");
      statement.execute("CREATE INDEX artifacts_by_score ON artifacts (discovery_score)");
    }
  }

  private void topics(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO topics (id, name) VALUES (?, ?)")) {
      for (int id = 1; id <= rows.topics(); id++) {
        insert.setInt(1, id);
        insert.setString(2, SUBJECTS[id % SUBJECTS.length] + " " + id);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void artifacts(Connection connection) throws SQLException {
    Random random = new Random(42);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO artifacts (id, title, url, discovery_score, topic_id, created_at, body)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      for (int id = 1; id <= rows.artifacts(); id++) {
        insert.setInt(1, id);
        insert.setString(2, SUBJECTS[id % SUBJECTS.length] + " " + VERBS[id % VERBS.length]);
        insert.setString(3, "https://example.org/artifacts/" + id);
        insert.setDouble(4, random.nextInt(1000) / 10.0);
        insert.setInt(5, 1 + id % rows.topics());
        insert.setString(6, newest.minus(Duration.ofMinutes(rows.artifacts() - id)).toString());
        insert.setString(7, padding == 0 ? null : text(random));
        insert.addBatch();
        if (id % 500 == 0) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
  }

  private void entities(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO entities (id, name, kind, artifact_id) VALUES (?, ?, ?, ?)")) {
      for (int id = 1; id <= rows.entities(); id++) {
        insert.setInt(1, id);
        insert.setString(2, "Entity " + id);
        insert.setString(3, id % 3 == 0 ? "person" : "organisation");
        insert.setInt(4, 1 + id % rows.artifacts());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private String text(Random random) {
    StringBuilder text = new StringBuilder(padding);
    for (int i = 0; i < padding; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
