package dev.backout.action.sync.schema;

import java.util.List;

/**
 * A reference from rows of one table to rows of another.
 *
 * @param name of the constraint; of SQLite its number
 * @param parent the other table's name
 * @param parentSchema its schema; of SQLite {@code main}
 * @param parentColumns in the order of {@code columns}
 * @param onDelete such as {@code CASCADE} or {@code NO ACTION}
 * @param definition as SQL that makes it again; of SQLite empty
 */
public record ForeignKey(
    String name,
    List<String> columns,
    String parentSchema,
    String parent,
    List<String> parentColumns,
    String onDelete,
    String onUpdate,
    String definition) {
  public ForeignKey {
    columns = List.copyOf(columns);
    parentColumns = List.copyOf(parentColumns);
  }
}
