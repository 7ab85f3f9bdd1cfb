package dev.backout.action.sync.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A SQLite database, by {@code sqlite_schema} and its pragmas. */
final class SqliteCatalog {
  private static final String MAIN = "main";
  private static final String TABLES =
      """
      SELECT l.name, l.strict, l.type, coalesce(s.sql, '') AS sql FROM pragma_table_list l
      LEFT JOIN sqlite_schema s ON s.type = 'table' AND s.name = l.name
      WHERE l.schema = 'main' AND l.type IN ('table', 'virtual') AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name""";

  private final Connection connection;

  SqliteCatalog(Connection connection) {
    this.connection = connection;
  }

  private record Named(String name, boolean strict, boolean virtual, String sql) {}

  private record Listed(String name, boolean unique, String origin, boolean partial) {}

  Schema read() throws SQLException {
    List<Named> found =
        Rows.list(
            connection,
            TABLES,
            row ->
                new Named(
                    row.getString(1),
                    row.getBoolean(2),
                    row.getString(3).equals("virtual"),
                    row.getString(4)));
    List<Table> tables = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Named each : found) {
      if (each.virtual()) {
        others.add(each.name());
      } else {
        tables.add(table(each));
      }
    }
    return new Schema(Dialect.SQLITE, MAIN, tables, others);
  }

  private Table table(Named named) throws SQLException {
    List<String> primary =
        Rows.list(
            connection,
            "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk",
            row -> row.getString(1),
            named.name());
    List<Column> columns = columns(named, primary);
    List<Key> unique = new ArrayList<>();
    List<Index> indexes = new ArrayList<>();
    indexes(named.name(), columns, unique, indexes);
    return new Table(
        MAIN,
        named.name(),
        false,
        columns,
        primary.isEmpty() ? null : new Key("primary key", primary, nullable(primary, columns)),
        unique,
        foreignKeys(named.name()),
        indexes,
        Rows.list(
            connection,
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? ORDER BY name",
            row -> row.getString(1),
            named.name()),
        List.of(),
        -1,
        -1);
  }

  private List<Column> columns(Named named, List<String> primary) throws SQLException {
    boolean numbered = isAutoincrement(named.sql()) && primary.size() == 1;
    Sequence sequence = numbered ? sequence(named.name()) : null;
    boolean withoutRowid = isWithoutRowid(named.sql());
    return Rows.list(
        connection,
        "SELECT name, type, \"notnull\", hidden, pk, dflt_value FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid",
        row -> column(row, named.strict(), withoutRowid, primary.size(), sequence),
        named.name());
  }

  private static Column column(
      ResultSet row,
      boolean strict,
      boolean withoutRowid,
      int keyColumns,
      @Nullable Sequence sequence)
      throws SQLException {
    String declared = row.getString(2);
    boolean key = row.getInt(5) > 0;
    // The one kind of primary key that SQLite never lets be null besides those that say so.
    boolean rowid = key && keyColumns == 1 && declared.equalsIgnoreCase("INTEGER");
    return new Column(
        row.getString(1),
        new ColumnType.Sqlite(declared, Affinity.of(declared, strict), strict),
        row.getBoolean(3) || rowid || key && (withoutRowid || strict),
        row.getString(6) != null || rowid,
        row.getInt(4) >= 2,
        false,
        rowid ? sequence : null);
  }

  private @Nullable Sequence sequence(String table) throws SQLException {
    List<Long> last =
        Rows.list(
            connection,
            "SELECT seq FROM sqlite_sequence WHERE name = ?",
            row -> row.getLong(1),
            table);
    return new Sequence(table, last.isEmpty() ? null : last.get(0));
  }

  private void indexes(String table, List<Column> columns, List<Key> unique, List<Index> indexes)
      throws SQLException {
    for (Listed listed : listed(table)) {
      if (listed.origin().equals("pk")) {
        continue;
      }
      List<String> parts =
          Rows.list(
              connection,
              "SELECT coalesce(name, '') FROM pragma_index_info(?) ORDER BY seqno",
              row -> row.getString(1),
              listed.name());
      boolean plain = !listed.partial() && !parts.contains("");
      List<String> names = plain ? parts : List.of();
      if (listed.unique() && plain) {
        unique.add(new Key(listed.name(), names, nullable(names, columns)));
      } else {
        indexes.add(new Index(listed.name(), names, listed.unique(), definition(listed.name())));
      }
    }
  }

  private List<Listed> listed(String table) throws SQLException {
    return Rows.list(
        connection,
        "SELECT name, \"unique\", origin, partial FROM pragma_index_list(?) ORDER BY name",
        row -> new Listed(row.getString(1), row.getBoolean(2), row.getString(3), row.getBoolean(4)),
        table);
  }

  private String definition(String index) throws SQLException {
    List<String> sql =
        Rows.list(
            connection,
            "SELECT coalesce(sql, '') FROM sqlite_schema WHERE type = 'index' AND name = ?",
            row -> row.getString(1),
            index);
    return sql.isEmpty() ? "" : sql.get(0);
  }

  private List<ForeignKey> foreignKeys(String table) throws SQLException {
    Map<Integer, ForeignKey> found = new TreeMap<>();
    Rows.list(
        connection,
        "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update FROM pragma_foreign_key_list(?) ORDER BY id, seq",
        row -> found.merge(row.getInt(1), part(row), SqliteCatalog::joined),
        table);
    List<ForeignKey> keys = new ArrayList<>();
    for (ForeignKey key : found.values()) {
      keys.add(key.parentColumns().isEmpty() ? toPrimaryKey(key) : key);
    }
    return keys;
  }

  /** A reference without columns means the parent's primary key. */
  private ForeignKey toPrimaryKey(ForeignKey key) throws SQLException {
    List<String> parent =
        Rows.list(
            connection,
            "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk",
            row -> row.getString(1),
            key.parent());
    return new ForeignKey(
        key.name(), key.columns(), MAIN, key.parent(), parent, key.onDelete(), key.onUpdate(), "");
  }

  private static ForeignKey part(ResultSet row) throws SQLException {
    String to = row.getString(4);
    return new ForeignKey(
        String.valueOf(row.getInt(1)),
        List.of(row.getString(3)),
        MAIN,
        row.getString(2),
        to == null ? List.of() : List.of(to),
        row.getString(5),
        row.getString(6),
        "");
  }

  private static ForeignKey joined(ForeignKey one, ForeignKey next) {
    List<String> columns = new ArrayList<>(one.columns());
    columns.addAll(next.columns());
    List<String> parents = new ArrayList<>(one.parentColumns());
    parents.addAll(next.parentColumns());
    return new ForeignKey(
        one.name(), columns, MAIN, one.parent(), parents, one.onDelete(), one.onUpdate(), "");
  }

  private static boolean nullable(List<String> key, List<Column> columns) {
    Set<String> never = new HashSet<>();
    for (Column column : columns) {
      if (column.notNull()) {
        never.add(column.name());
      }
    }
    return !never.containsAll(key);
  }

  private static boolean isAutoincrement(String sql) {
    return words(sql).contains(" AUTOINCREMENT ");
  }

  private static boolean isWithoutRowid(String sql) {
    return words(sql).contains(" WITHOUT ROWID ");
  }

  /** What the statement says outside quotes and comments, in capitals, with single spaces. */
  private static String words(String sql) {
    String bare =
        sql.replaceAll(
            "(?s)'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\\[[^\\]]*\\]|--[^\\n]*|/\\*.*?\\*/",
            " x ");
    return " " + bare.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]+", " ") + " ";
  }
}
