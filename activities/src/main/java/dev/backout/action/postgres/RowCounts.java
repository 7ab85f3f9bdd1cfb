package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many rows each table of a database has that a dump of it holds. */
final class RowCounts {
  /** Not those of PostgreSQL itself, nor those that an extension brings. */
  private static final String TABLES =
      """
      SELECT n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1""";

  private RowCounts() {}

  /**
   * As the connection's transaction sees them, by SCHEMA.TABLE, in that order. Of a partitioned
   * table, those of its partitions.
   */
  static Map<String, Long> of(Connection connection, ActionContext context) throws SQLException {
    List<String[]> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        tables.add(new String[] {rows.getString(1), rows.getString(2)});
      }
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      for (String[] table : tables) {
        context.heartbeat("counting the rows of " + table[0]);
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM ONLY " + table[1])) {
          rows.next();
          counts.put(table[0], rows.getLong(1));
        }
      }
    }
    return counts;
  }

  static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What differs, each as a sentence; empty if nothing does. */
  static List<String> differences(Map<String, Long> expected, Map<String, Long> found) {
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (table, rows) -> {
          Long there = found.get(table);
          if (there == null) {
            differences.add(table + " is missing, and had " + rows + " rows");
          } else if (!there.equals(rows)) {
            differences.add(table + " has " + there + " rows, expected " + rows);
          }
        });
    return differences;
  }
}
