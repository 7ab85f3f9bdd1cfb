package dev.backout.action.sync.schema;

/** What a column may hold, in the words of its database. */
public sealed interface ColumnType {

  /** As its database writes it, such as {@code numeric(12,2)} or {@code VARCHAR(20)}. */
  String declared();

  /**
   * @param declared with a domain's, an enum's or an array's own name
   * @param kind of the domain's base type, if it is one
   * @param name the base type's own, such as {@code int8}; of an array {@code _int8}
   * @param precision of a {@code numeric}; 0 where it has none
   * @param scale of a {@code numeric} with a precision
   */
  record Postgres(String declared, PostgresKind kind, String name, int precision, int scale)
      implements ColumnType {}

  /**
   * @param strict whether the table refuses what isn't of the type
   */
  record Sqlite(String declared, Affinity affinity, boolean strict) implements ColumnType {}
}
