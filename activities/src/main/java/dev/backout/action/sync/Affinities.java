package dev.backout.action.sync;

import dev.backout.action.sync.schema.Affinity;
import dev.backout.action.sync.schema.ColumnType;
import dev.backout.action.sync.schema.PostgresKind;
import java.util.EnumSet;
import java.util.Set;

/** Which columns of SQLite keep the values of a type as they are given. */
final class Affinities {
  private Affinities() {}

  /** Those of which one must be the column's. */
  static Set<Affinity> that(PostgresKind kind, ColumnType.Sqlite column) {
    if (column.strict()) {
      return EnumSet.of(strict(kind, column));
    }
    return switch (kind) {
      case BOOL, INT2, INT4, INT8 -> EnumSet.of(Affinity.INTEGER, Affinity.NUMERIC, Affinity.BLOB);
      case FLOAT4, FLOAT8 -> EnumSet.of(Affinity.REAL, Affinity.NUMERIC, Affinity.BLOB);
      case NUMERIC -> EnumSet.of(Affinity.TEXT, Affinity.NUMERIC, Affinity.REAL, Affinity.BLOB);
      case BYTEA -> EnumSet.allOf(Affinity.class);
      default -> EnumSet.of(Affinity.TEXT, Affinity.NUMERIC, Affinity.BLOB);
    };
  }

  /** A strict table takes only the one storage class, and anything in a column {@code ANY}. */
  private static Affinity strict(PostgresKind kind, ColumnType.Sqlite column) {
    if (column.declared().equalsIgnoreCase("ANY")) {
      return column.affinity();
    }
    return switch (kind) {
      case BOOL, INT2, INT4, INT8 -> Affinity.INTEGER;
      case FLOAT4, FLOAT8 -> Affinity.REAL;
      case BYTEA -> Affinity.BLOB;
      default -> Affinity.TEXT;
    };
  }

  /** The type to declare. */
  static String advice(PostgresKind kind) {
    return switch (kind) {
      case BOOL -> "BOOLEAN";
      case INT2 -> "SMALLINT";
      case INT4 -> "INTEGER";
      case INT8 -> "BIGINT";
      case FLOAT4 -> "REAL";
      case FLOAT8 -> "DOUBLE PRECISION";
      case BYTEA -> "BLOB";
      default -> "TEXT";
    };
  }
}
