package dev.backout.action.sync.compare;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A row of SQLite's. */
record StoredRow(ResultSet rows) implements Row {

  @Override
  public void encode(int column, Meaning meaning, Encoding to) throws SQLException {
    Object value = rows.getObject(column + 1);
    if (value == null) {
      to.nothing();
    } else {
      Canonical.stored(meaning, value, to);
    }
  }

  @Override
  public @Nullable String text(int column) throws SQLException {
    Object value = rows.getObject(column + 1);
    if (value == null) {
      return null;
    }
    return value instanceof byte[] bytes
        ? "\\x" + HexFormat.of().formatHex(bytes)
        : value.toString();
  }
}
