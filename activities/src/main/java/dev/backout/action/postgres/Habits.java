package dev.backout.action.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a database's catalog and statistics say of how it is used. */
final class Habits {
  private static final String UNINDEXED =
      """
      SELECT n.nspname || '.' || c.relname,
        array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(attnum, place)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY place),
        k.confrelid::regclass::text
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indisvalid
        AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
      ORDER BY 1, 3""";

  private static final String SCANNED =
      """
      SELECT schemaname || '.' || relname, n_live_tup, seq_scan, coalesce(idx_scan, 0) FROM pg_stat_user_tables
      WHERE n_live_tup >= ? AND seq_scan > coalesce(idx_scan, 0) ORDER BY seq_tup_read DESC LIMIT 10""";

  private static final String SLOW =
      """
      SELECT s.query, s.calls, s.mean_exec_time, s.total_exec_time FROM %s.pg_stat_statements s
      JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database() ORDER BY s.mean_exec_time DESC LIMIT 10""";

  /** Version 1.8 renamed its columns, with PostgreSQL 13. */
  private static final String STATEMENTS =
      """
      SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'pg_stat_statements' AND string_to_array(e.extversion, '.')::int[] >= '{1,8}'
      AND current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'""";

  private static final int LONGEST_QUERY = 1000;

  private Habits() {}

  static List<ExplainQuery.ForeignKey> unindexed(Connection connection) throws SQLException {
    List<ExplainQuery.ForeignKey> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(UNINDEXED)) {
      while (rows.next()) {
        Array columns = rows.getArray(2);
        found.add(
            new ExplainQuery.ForeignKey(
                rows.getString(1), List.of((String[]) columns.getArray()), rows.getString(3)));
      }
    }
    return found;
  }

  static List<ExplainQuery.Scanned> scanned(long large, Connection connection) throws SQLException {
    List<ExplainQuery.Scanned> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SCANNED)) {
      statement.setLong(1, large);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(
              new ExplainQuery.Scanned(
                  rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4)));
        }
      }
    }
    return found;
  }

  static List<ExplainQuery.Slow> slow(Connection connection) throws SQLException {
    List<ExplainQuery.Slow> found = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      String schema;
      try (ResultSet row = statement.executeQuery(STATEMENTS)) {
        if (!row.next()) {
          return found;
        }
        schema = row.getString(1);
      }
      try (ResultSet rows = statement.executeQuery(SLOW.formatted(schema))) {
        while (rows.next()) {
          String query = String.valueOf(rows.getString(1));
          found.add(
              new ExplainQuery.Slow(
                  query.substring(0, Math.min(LONGEST_QUERY, query.length())),
                  rows.getLong(2),
                  rows.getDouble(3),
                  rows.getDouble(4)));
        }
      }
    }
    return found;
  }
}
