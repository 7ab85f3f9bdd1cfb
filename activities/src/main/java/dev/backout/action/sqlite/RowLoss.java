package dev.backout.action.sqlite;

import dev.backout.action.Preview.Detail;
import dev.backout.action.Preview.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How many rows each table has before and after. Rows that were changed don't show in a count, so
 * what is lost is at least this.
 */
record RowLoss(Map<String, Long> now, Map<String, Long> then) {

  long total() {
    return now.keySet().stream().mapToLong(this::of).sum();
  }

  private long of(String table) {
    return Math.max(0, now.getOrDefault(table, 0L) - then.getOrDefault(table, 0L));
  }

  List<Detail> details() {
    List<String> lines = new ArrayList<>(List.of("table\tnow\tafter\tfewer"));
    TreeSet<String> tables = new TreeSet<>(now.keySet());
    tables.addAll(then.keySet());
    for (String table : tables) {
      lines.add(table + "\t" + count(now, table) + "\t" + count(then, table) + "\t" + of(table));
    }
    List<Detail> details = new ArrayList<>();
    details.add(new Detail(Kind.TABLE, "Rows", lines));
    if (total() > 0) {
      details.add(
          new Detail(
              Kind.LOSS,
              "Rows that would be lost",
              List.of(
                  "at least " + total() + ", by the counts; rows that were changed are not seen")));
    }
    return details;
  }

  private static String count(Map<String, Long> counts, String table) {
    Long count = counts.get(table);
    return count == null ? "no table" : count.toString();
  }
}
