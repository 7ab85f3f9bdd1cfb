package dev.backout.action.prisma;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads off a migration's SQL what throws something away, or makes the schema one that the release
 * before can't work with. It knows statements by their words, and not what a function does.
 */
final class Breaking {
  private static final int LONGEST = 160;
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|--[^\\n]*");
  private static final Pattern WORDS =
      Pattern.compile(
          "(?is)\\b(drop\\s+(table|column|schema|type|view|materialized\\s+view|function|default|constraint)"
              + "|truncate\\b|delete\\s+from|rename\\s+(to|column|constraint|value)"
              + "|set\\s+not\\s+null|alter\\s+column\\s+\\S+\\s+(set\\s+data\\s+)?type"
              + "|add\\s+column\\s+[^,;]*\\bnot\\s+null(?![^,;]*\\bdefault\\b))");

  private Breaking() {}

  /** Each such statement, on one line. */
  static List<String> of(String sql) {
    List<String> found = new ArrayList<>();
    for (String statement : COMMENT.matcher(sql).replaceAll(" ").split(";", -1)) {
      if (WORDS.matcher(statement).find()) {
        String line = statement.strip().replaceAll("\\s+", " ");
        found.add(line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line);
      }
    }
    return found;
  }
}
