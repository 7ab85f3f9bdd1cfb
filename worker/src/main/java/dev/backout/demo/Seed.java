package dev.backout.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * The service's tables and rows: the same row is the same in PostgreSQL and in every SQLite
 * database of a site that has it.
 */
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

  /** Every database has at least so many topics, and artifacts. */
  private static final int LEAST_TOPICS = 8;

  private static final int LEAST_ARTIFACTS = 15;

  private final SiteSpec spec;
  private final SiteSpec.Rows rows;
  private final Instant now;

  /**
   * @param rows how many this database has
   * @param now when the site is laid out
   */
  Seed(SiteSpec spec, SiteSpec.Rows rows, Instant now) {
    this.spec = spec;
    this.rows = rows;
    this.now = now;
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
    String time = timeType(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL, created_at "
              + time
              + " NOT NULL)");
      statement.execute(
          "CREATE TABLE artifacts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL,"
              + " discovery_score REAL, topic_id INTEGER NOT NULL REFERENCES topics (id),"
              + " created_at "
              + time
              + " NOT NULL, body TEXT)");
      statement.execute(
          "CREATE TABLE entities (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,"
              + " artifact_id INTEGER NOT NULL REFERENCES artifacts (id), created_at "
              + time
              + " NOT NULL)");
      statement.execute("CREATE INDEX artifacts_by_score ON artifacts (discovery_score)");
    }
  }

  private static String timeType(Connection connection) throws SQLException {
    boolean sqlite = connection.getMetaData().getDatabaseProductName().equals("SQLite");
    return sqlite ? "TEXT" : "timestamptz";
  }

  private static String time(Connection connection) throws SQLException {
    return "CAST(? AS " + timeType(connection) + ")";
  }

  private String writtenAt(ToIntFunction<SiteSpec.Rows> table, int id) {
    return spec.writtenAt(table, id, now).toString();
  }

  private void topics(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO topics (id, name, created_at) VALUES (?, ?, " + time(connection) + ")")) {
      for (int id = 1; id <= rows.topics(); id++) {
        insert.setInt(1, id);
        insert.setString(2, SUBJECTS[id % SUBJECTS.length] + " " + id);
        insert.setString(3, writtenAt(SiteSpec.Rows::topics, id));
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
                + " VALUES (?, ?, ?, ?, ?, "
                + time(connection)
                + ", ?)")) {
      for (int id = 1; id <= rows.artifacts(); id++) {
        insert.setInt(1, id);
        insert.setString(2, SUBJECTS[id % SUBJECTS.length] + " " + VERBS[id % VERBS.length]);
        insert.setString(3, "https://example.org/artifacts/" + id);
        insert.setDouble(4, random.nextInt(1000) / 10.0);
        insert.setInt(5, 1 + id % LEAST_TOPICS);
        insert.setString(6, writtenAt(SiteSpec.Rows::artifacts, id));
        insert.setString(7, spec.paddingPerArtifact() == 0 ? null : text(random));
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
            "INSERT INTO entities (id, name, kind, artifact_id, created_at) VALUES (?, ?, ?, ?, "
                + time(connection)
                + ")")) {
      for (int id = 1; id <= rows.entities(); id++) {
        insert.setInt(1, id);
        insert.setString(2, "Entity " + id);
        insert.setString(3, id % 3 == 0 ? "person" : "organisation");
        insert.setInt(4, 1 + id % LEAST_ARTIFACTS);
        insert.setString(5, writtenAt(SiteSpec.Rows::entities, id));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private String text(Random random) {
    StringBuilder text = new StringBuilder(spec.paddingPerArtifact());
    for (int i = 0; i < spec.paddingPerArtifact(); i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }
}
