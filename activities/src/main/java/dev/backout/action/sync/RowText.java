package dev.backout.action.sync;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a row is named to a person: by its key, never by what else is in it. */
final class RowText {
  private static final int LONGEST = 80;

  private RowText() {}

  /**
   * @param values of the columns, as SQLite is given them
   */
  static String of(Match match, List<Pair> columns, List<@Nullable Object> values) {
    List<Pair> key = match.key().orElse(List.of());
    if (key.isEmpty() || !columns.containsAll(key)) {
      return "a row of " + match.source().name() + ", which has no key";
    }
    return key.stream()
        .map(pair -> pair.source().name() + "=" + value(values.get(columns.indexOf(pair))))
        .collect(Collectors.joining(", ", "the row of " + match.source().name() + " with ", ""));
  }

  static String value(@Nullable Object value) {
    String text =
        value instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.UTF_8)
            : String.valueOf(value);
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
