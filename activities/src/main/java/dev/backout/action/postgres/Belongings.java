package dev.backout.action.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What belongs to a database's name and stands in no dump of it: its owner, who may connect, how
 * many, and the settings that hold in it.
 */
final class Belongings {
  private static final String OF =
      """
      SELECT pg_get_userbyid(d.datdba), d.datconnlimit, d.datacl IS NULL FROM pg_database d WHERE d.datname = ?""";

  private static final String RIGHTS =
      """
      SELECT a.grantee = 0, coalesce(r.rolname, ''), a.privilege_type, a.is_grantable
      FROM pg_database d, aclexplode(d.datacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE d.datname = ?""";

  private static final String SETTINGS =
      """
      SELECT coalesce(r.rolname, ''), s.setrole = 0, split_part(c, '=', 1), substr(c, strpos(c, '=') + 1)
      FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid = s.setrole,
      unnest(s.setconfig) c WHERE d.datname = ?""";

  private Belongings() {}

  /** Those of one database to another, in the connection's transaction. */
  static void carryOver(String from, String to, Connection connection) throws SQLException {
    for (String statement : statements(from, Sql.identifier(to), connection)) {
      Sql.execute(connection, statement);
    }
  }

  private static List<String> statements(String from, String to, Connection connection)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    boolean plainRights;
    try (PreparedStatement question = connection.prepareStatement(OF)) {
      question.setString(1, from);
      try (ResultSet row = question.executeQuery()) {
        row.next();
        statements.add("ALTER DATABASE " + to + " OWNER TO " + Sql.identifier(row.getString(1)));
        statements.add("ALTER DATABASE " + to + " CONNECTION LIMIT " + row.getInt(2));
        plainRights = row.getBoolean(3);
      }
    }
    if (!plainRights) {
      statements.addAll(rights(from, to, connection));
    }
    statements.addAll(settings(from, to, connection));
    return statements;
  }

  private static List<String> rights(String from, String to, Connection connection)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("REVOKE ALL ON DATABASE " + to + " FROM PUBLIC");
    try (PreparedStatement question = connection.prepareStatement(RIGHTS)) {
      question.setString(1, from);
      try (ResultSet row = question.executeQuery()) {
        while (row.next()) {
          statements.add(
              "GRANT "
                  + row.getString(3)
                  + " ON DATABASE "
                  + to
                  + " TO "
                  + (row.getBoolean(1) ? "PUBLIC" : Sql.identifier(row.getString(2)))
                  + (row.getBoolean(4) ? " WITH GRANT OPTION" : ""));
        }
      }
    }
    return statements;
  }

  private static List<String> settings(String from, String to, Connection connection)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    try (PreparedStatement question = connection.prepareStatement(SETTINGS)) {
      question.setString(1, from);
      try (ResultSet row = question.executeQuery()) {
        while (row.next()) {
          String whose =
              row.getBoolean(2)
                  ? "ALTER DATABASE " + to
                  : "ALTER ROLE " + Sql.identifier(row.getString(1)) + " IN DATABASE " + to;
          statements.add(whose + " SET " + setting(row.getString(3), row.getString(4)));
        }
      }
    }
    return statements;
  }

  /** A list of names is not one name with commas in it. */
  private static String setting(String name, String value) {
    boolean list = name.equals("search_path") || name.endsWith("_preload_libraries");
    String quoted =
        Arrays.stream(name.split("\\.")).map(Sql::identifier).collect(Collectors.joining("."));
    return quoted + " TO " + (list ? value : Sql.literal(value));
  }
}
