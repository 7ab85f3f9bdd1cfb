package dev.backout.action.sync.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.stream.Collectors;

/** How a database names things and tells what it has. */
public enum Dialect {
  POSTGRES {
    @Override
    public Schema read(Connection connection, String schema) throws SQLException {
      return new PostgresCatalog(connection, schema).read();
    }
  },
  SQLITE {
    @Override
    public Schema read(Connection connection, String schema) throws SQLException {
      return new SqliteCatalog(connection).read();
    }
  };

  /**
   * What is there now, as the connection's transaction sees it.
   *
   * @param schema which one; SQLite has only {@code main}
   */
  public abstract Schema read(Connection connection, String schema) throws SQLException;

  /** A name as SQL wants it, whatever is in it. */
  public static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  public static String quote(Collection<String> names) {
    return names.stream().map(Dialect::quote).collect(Collectors.joining(", "));
  }

  /** A table's name in SQL, with its schema. */
  public static String quote(Table table) {
    return quote(table.schema()) + "." + quote(table.name());
  }
}
