package dev.backout.action.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Copies as a runbook's step does, and looks into files. */
final class Copying {
  private Copying() {}

  /**
   * Copies.
   *
   * @param more further inputs, as JSON with ' for "; empty for none
   */
  static JsonNode copy(Object source, Object target, String more)
      throws ActionException, IOException {
    return copy(source, target, more, new PlainContext());
  }

  static JsonNode copy(Object source, Object target, String more, ActionContext context)
      throws ActionException, IOException {
    return Catalog.run("sync.copy", input(source, target, more), context);
  }

  static String input(Object source, Object target, String more) {
    return "{'source': '"
        + source
        + "', 'target': '"
        + target
        + "'"
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }

  static void sqlite(Path database, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
    }
  }

  /** All rows, a line each, the values between bars. */
  static List<String> rows(Path database, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      return rows(connection, query);
    }
  }

  static List<String> rows(String url, String query) throws SQLException {
    try (Connection connection = SyncServer.connect(url)) {
      return rows(connection, query);
    }
  }

  private static List<String> rows(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> found = new ArrayList<>();
      int width = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          row.add(String.valueOf(rows.getString(i)));
        }
        found.add(String.join("|", row));
      }
      return found;
    }
  }
}
