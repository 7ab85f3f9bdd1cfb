package dev.backout.action.sync.compare;

import java.sql.SQLException;

/** What a row is called: its key, or all of it if nothing tells rows apart. */
final class KeyText {
  private static final int LONGEST = 300;

  private final Pair pair;
  private final Masking masking;

  KeyText(Pair pair, Masking masking) {
    this.pair = pair;
    this.masking = masking;
  }

  String of(Row row) throws SQLException {
    StringBuilder text = new StringBuilder();
    int count = pair.keys() == 0 ? pair.columns().size() : pair.keys();
    for (int i = 0; i < count && text.length() < LONGEST; i++) {
      String column = pair.columns().get(i).source().name();
      text.append(i == 0 ? "" : ", ")
          .append(column)
          .append('=')
          .append(masking.of(pair.name(), column, row.text(i)));
    }
    return text.length() <= LONGEST ? text.toString() : text.substring(0, LONGEST) + "…";
  }
}
