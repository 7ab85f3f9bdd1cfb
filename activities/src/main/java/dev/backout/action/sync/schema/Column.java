package dev.backout.action.sync.schema;

import org.jspecify.annotations.Nullable;

/**
 * A column.
 *
 * @param hasDefault whether it is filled where nothing is said, besides by null
 * @param generated whether the database computes it from others, so that nobody can write it
 * @param identity whether the database numbers it, whatever is written: PostgreSQL's GENERATED
 *     ALWAYS AS IDENTITY
 * @param sequence what numbers it; null if nothing does
 */
public record Column(
    String name,
    ColumnType type,
    boolean notNull,
    boolean hasDefault,
    boolean generated,
    boolean identity,
    @Nullable Sequence sequence) {

  /** Of PostgreSQL: its kind. */
  public PostgresKind kind() {
    return postgres().kind();
  }

  public ColumnType.Postgres postgres() {
    return (ColumnType.Postgres) type;
  }

  public ColumnType.Sqlite sqlite() {
    return (ColumnType.Sqlite) type;
  }
}
