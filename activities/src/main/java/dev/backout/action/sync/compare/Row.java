package dev.backout.action.sync.compare;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The row at which a reader stands, of the columns that were asked for, in their order. */
interface Row {

  void encode(int column, Meaning meaning, Encoding to) throws SQLException;

  /** As its database prints it, bytes in hexadecimal; null if it is NULL. */
  @Nullable String text(int column) throws SQLException;
}
