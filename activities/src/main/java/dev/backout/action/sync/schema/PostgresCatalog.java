package dev.backout.action.sync.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One schema of a PostgreSQL database, by {@code pg_catalog}. */
final class PostgresCatalog {
  private static final String TABLES =
      """
      SELECT c.oid::bigint, c.relname, c.relkind = 'p' AS partitioned,
        CASE c.relkind
          WHEN 'p' THEN (SELECT CASE WHEN bool_or(p.reltuples < 0) THEN -1 ELSE coalesce(sum(p.reltuples), 0) END::bigint FROM pg_partition_tree(c.oid) t JOIN pg_class p ON p.oid = t.relid WHERE t.isleaf)
          ELSE c.reltuples::bigint END AS rows,
        CASE c.relkind
          WHEN 'p' THEN (SELECT coalesce(sum(pg_total_relation_size(t.relid)), 0)::bigint FROM pg_partition_tree(c.oid) t)
          ELSE pg_total_relation_size(c.oid) END AS bytes
      """
          + ofSchema(
              "c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'");

  private static final String OTHERS =
      "SELECT c.relname " + ofSchema("c.relkind = 'f' AND NOT c.relispartition");

  /** A domain is followed to what it is of; the last modifier that isn't -1 on the way counts. */
  private static final String COLUMNS =
      """
      WITH RECURSIVE chain AS (
        SELECT a.attrelid, a.attnum, a.atttypid AS type, a.atttypmod AS modifier
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT chain.attrelid, chain.attnum, d.typbasetype, CASE WHEN d.typtypmod = -1 THEN chain.modifier ELSE d.typtypmod END
        FROM chain JOIN pg_type d ON d.oid = chain.type AND d.typtype = 'd')
      SELECT a.attrelid::bigint, a.attname, format_type(a.atttypid, a.atttypmod) AS declared, a.attnotnull, a.atthasdef,
        a.attgenerated::text <> '' AS generated, a.attidentity::text = 'a' AS identity,
        b.typname, b.typnamespace = 'pg_catalog'::regnamespace AS builtin, chain.modifier,
        s.sequence, s.last
      FROM chain
      JOIN pg_attribute a ON a.attrelid = chain.attrelid AND a.attnum = chain.attnum
      JOIN pg_type b ON b.oid = chain.type AND b.typtype <> 'd'
      LEFT JOIN LATERAL (
        SELECT quote_ident(n.nspname) || '.' || quote_ident(q.relname) AS sequence,
          CASE WHEN has_sequence_privilege(q.oid, 'USAGE,SELECT') THEN pg_sequence_last_value(q.oid) END AS last
        FROM pg_depend d JOIN pg_class q ON q.relkind = 'S' JOIN pg_namespace n ON n.oid = q.relnamespace
        WHERE (d.classid = 'pg_class'::regclass AND d.objid = q.oid AND d.deptype IN ('a', 'i') AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum)
          OR (d.classid = 'pg_attrdef'::regclass AND d.refobjid = q.oid AND d.refclassid = 'pg_class'::regclass
            AND d.objid IN (SELECT f.oid FROM pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum))
        LIMIT 1) s ON true
      ORDER BY a.attrelid, a.attnum""";

  private static final String INDEXES =
      """
      SELECT i.indrelid::bigint, x.relname, i.indisprimary, i.indisunique, pg_get_indexdef(i.indexrelid) AS definition,
        i.indpred IS NULL AND i.indexprs IS NULL AS plain,
        array(SELECT a.attname::text FROM generate_series(0, i.indnkeyatts - 1) k
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] ORDER BY k) AS columns,
        (SELECT bool_and(a.attnotnull) FROM generate_series(0, i.indnkeyatts - 1) k
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k]) AS not_null
      FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND i.indisvalid ORDER BY i.indrelid, NOT i.indisprimary, x.relname""";

  private static final String FOREIGN_KEYS =
      """
      SELECT k.conrelid::bigint, k.conname, p.relname AS parent, pn.nspname AS parent_schema, pg_get_constraintdef(k.oid) AS definition,
        array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, o) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY o) AS columns,
        array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, o) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY o) AS parent_columns,
        k.confdeltype::text AS on_delete, k.confupdtype::text AS on_update
      FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
      JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND k.contype = 'f' AND k.conparentid = 0 ORDER BY k.conrelid, k.conname""";

  private static final String TRIGGERS =
      """
      SELECT t.tgrelid::bigint, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND NOT t.tgisinternal ORDER BY t.tgname""";

  private static final String CHECKS =
      """
      SELECT k.conrelid::bigint, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND k.contype = 'c' ORDER BY k.conname""";

  private static final Map<String, String> ACTIONS =
      Map.of(
          "a", "NO ACTION", "r", "RESTRICT", "c", "CASCADE", "n", "SET NULL", "d", "SET DEFAULT");

  private final Connection connection;
  private final String schema;

  PostgresCatalog(Connection connection, String schema) {
    this.connection = connection;
    this.schema = schema;
  }

  /** Not what belongs to an extension. */
  private static String ofSchema(String condition) {
    return """
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ? AND %s
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname"""
        .formatted(condition);
  }

  private record Found(Index index, boolean primary, boolean plain, boolean notNull) {
    Key key() {
      return new Key(index.name(), index.columns(), !notNull);
    }

    boolean isKey() {
      return plain && index.unique();
    }
  }

  Schema read() throws SQLException {
    Map<Long, List<Column>> columns =
        Rows.byTable(connection, COLUMNS, PostgresCatalog::column, schema);
    Map<Long, List<Found>> indexes =
        Rows.byTable(connection, INDEXES, PostgresCatalog::index, schema);
    Map<Long, List<ForeignKey>> references =
        Rows.byTable(connection, FOREIGN_KEYS, PostgresCatalog::foreignKey, schema);
    Map<Long, List<String>> triggers =
        Rows.byTable(connection, TRIGGERS, row -> row.getString(2), schema);
    Map<Long, List<String>> checks =
        Rows.byTable(connection, CHECKS, row -> row.getString(2), schema);
    List<Table> tables =
        Rows.list(
            connection,
            TABLES,
            row -> {
              long id = row.getLong(1);
              return table(
                  row,
                  columns.getOrDefault(id, List.of()),
                  indexes.getOrDefault(id, List.of()),
                  references.getOrDefault(id, List.of()),
                  triggers.getOrDefault(id, List.of()),
                  checks.getOrDefault(id, List.of()));
            },
            schema);
    List<String> others = Rows.list(connection, OTHERS, row -> row.getString(1), schema);
    return new Schema(Dialect.POSTGRES, schema, tables, others);
  }

  private Table table(
      ResultSet row,
      List<Column> columns,
      List<Found> indexes,
      List<ForeignKey> references,
      List<String> triggers,
      List<String> checks)
      throws SQLException {
    Optional<Found> primary = indexes.stream().filter(Found::primary).findFirst();
    List<Key> unique = new ArrayList<>();
    List<Index> others = new ArrayList<>();
    for (Found found : indexes) {
      if (found.isKey() && !found.primary()) {
        unique.add(found.key());
      } else if (!found.isKey()) {
        others.add(found.index());
      }
    }
    return new Table(
        schema,
        row.getString("relname"),
        row.getBoolean("partitioned"),
        columns,
        primary.map(Found::key).orElse(null),
        unique,
        references,
        others,
        triggers,
        checks,
        row.getLong("rows"),
        row.getLong("bytes"));
  }

  private static Column column(ResultSet row) throws SQLException {
    String name = row.getString("typname");
    PostgresKind kind = row.getBoolean("builtin") ? PostgresKind.of(name) : PostgresKind.OTHER;
    int modifier = row.getInt("modifier");
    boolean sized = kind == PostgresKind.NUMERIC && modifier >= 4;
    // Eleven bits of scale, with a sign since PostgreSQL 15.
    int scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
    String sequence = row.getString("sequence");
    return new Column(
        row.getString("attname"),
        new ColumnType.Postgres(
            row.getString("declared"),
            kind,
            name,
            sized ? (modifier - 4 >> 16) & 0xffff : 0,
            sized ? scale : 0),
        row.getBoolean("attnotnull"),
        row.getBoolean("atthasdef") || sequence != null,
        row.getBoolean("generated"),
        row.getBoolean("identity"),
        sequence == null ? null : new Sequence(sequence, Rows.number(row, "last")));
  }

  private static Found index(ResultSet row) throws SQLException {
    boolean plain = row.getBoolean("plain");
    return new Found(
        new Index(
            row.getString("relname"),
            plain ? Rows.strings(row, "columns") : List.of(),
            row.getBoolean("indisunique"),
            row.getString("definition")),
        row.getBoolean("indisprimary"),
        plain,
        row.getBoolean("not_null"));
  }

  private static ForeignKey foreignKey(ResultSet row) throws SQLException {
    return new ForeignKey(
        row.getString("conname"),
        Rows.strings(row, "columns"),
        row.getString("parent_schema"),
        row.getString("parent"),
        Rows.strings(row, "parent_columns"),
        ACTIONS.getOrDefault(row.getString("on_delete"), "NO ACTION"),
        ACTIONS.getOrDefault(row.getString("on_update"), "NO ACTION"),
        row.getString("definition"));
  }
}
