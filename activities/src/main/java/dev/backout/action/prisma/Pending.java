package dev.backout.action.prisma;

import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Migrations that are about to be run, for people. */
final class Pending {
  private static final int MOST_LINES = 200;

  private Pending() {}

  /**
   * @param sql by the migration's name
   */
  static List<String> breaking(Map<String, String> sql) {
    List<String> lines = new ArrayList<>();
    sql.forEach((name, text) -> Breaking.of(text).forEach(each -> lines.add(name + ": " + each)));
    return lines;
  }

  static Detail breaking(List<String> lines) {
    return new Detail(
        Preview.Kind.LOSS, "What is thrown away, or does not go with the release before", lines);
  }

  static List<Detail> details(Map<String, String> sql) {
    List<Detail> details = new ArrayList<>();
    List<String> breaking = breaking(sql);
    if (!breaking.isEmpty()) {
      details.add(breaking(breaking));
    }
    sql.forEach(
        (name, text) ->
            details.add(
                new Detail(
                    Preview.Kind.NOTE,
                    name,
                    text.lines().filter(line -> !line.isBlank()).limit(MOST_LINES).toList())));
    return details;
  }
}
