package dev.backout.action.sync.compare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A report of what would be lost, in three forms. It says nothing that differs from one time to the
 * next, so that the same loss has the same hash.
 *
 * @param source where it would be lost
 * @param target what would be there instead
 */
record LossFiles(String source, String target, List<Part> parts, int sample) {

  /** One table's. */
  record Part(TableLoss sum, List<String> columns, List<LostRow> rows) {}

  byte[] json() {
    ObjectNode json = Evidence.object();
    json.put("source", source);
    json.put("target", target);
    var tables = json.putArray("tables");
    for (Part part : parts) {
      TableLoss sum = part.sum();
      ObjectNode table = tables.addObject();
      table.put("table", sum.table());
      table.put("lost", sum.lost());
      table.put("changed", sum.changed());
      table.put("onlyInTarget", sum.onlyInTarget());
      table.put("timeColumn", sum.timeColumn());
      table.put("first", sum.first() == null ? null : sum.first().toString());
      table.put("last", sum.last() == null ? null : sum.last().toString());
      sum.columns().forEach(table.putArray("columnsLost")::add);
      var rows = table.putArray("sample");
      for (LostRow row : part.rows().stream().limit(sample).toList()) {
        ObjectNode values = rows.addObject();
        values.put("how", row.how());
        ObjectNode columns = values.putObject("values");
        for (int i = 0; i < row.values().size(); i++) {
          columns.put(part.columns().get(i), row.values().get(i));
        }
      }
    }
    return Evidence.bytes(json);
  }

  /** A line for each row: table, how, key, time. */
  byte[] csv() {
    StringBuilder csv = new StringBuilder("table,how,key,time\r\n");
    for (Part part : parts) {
      for (LostRow row : part.rows()) {
        csv.append(cell(row.table()))
            .append(',')
            .append(row.how())
            .append(',')
            .append(cell(row.key()))
            .append(',')
            .append(cell(row.time()))
            .append("\r\n");
      }
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A table calculator would take what begins with these for a formula. */
  private static String cell(String text) {
    String safe = text.matches("(?s)[=+@\\t-].*") ? "'" + text : text;
    return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }

  /**
   * The whole of it for people; whoever signs its hash signs the other two, whose hashes it holds.
   */
  byte[] markdown(String jsonSha256, String csvSha256) {
    StringBuilder text = new StringBuilder("# What would be lost\n\n");
    text.append("Only in `").append(source).append("`, and not in `").append(target);
    text.append("`.\n\n");
    line(text, List.of("table", "rows", "changed", "first", "last", "only in the target"));
    line(text, List.of("---", "--:", "--:", "---", "---", "--:"));
    for (Part part : parts) {
      TableLoss sum = part.sum();
      line(
          text,
          List.of(
              sum.table(),
              Long.toString(sum.lost()),
              Long.toString(sum.changed()),
              sum.first() == null ? "" : sum.first().toString(),
              sum.last() == null ? "" : sum.last().toString(),
              Long.toString(sum.onlyInTarget())));
    }
    parts.stream().filter(part -> !part.sum().isLossless()).forEach(part -> sample(text, part));
    text.append("\n## Files\n\n- `loss.json`, SHA-256 ").append(jsonSha256);
    text.append("\n- `loss.csv`, SHA-256 ").append(csvSha256).append('\n');
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void sample(StringBuilder text, Part part) {
    text.append("\n## ").append(cellOf(part.sum().table())).append("\n\n");
    if (!part.sum().columns().isEmpty()) {
      text.append("With the columns ").append(String.join(", ", part.sum().columns()));
      text.append(", which the target hasn't.\n\n");
    }
    List<LostRow> rows = part.rows().stream().limit(sample).toList();
    if (!rows.isEmpty()) {
      text.append(rows.size()).append(" of ");
      text.append(part.sum().lost() + part.sum().changed()).append(" rows:\n\n");
      java.util.ArrayList<String> header = new java.util.ArrayList<>(List.of(""));
      header.addAll(part.columns());
      line(text, header);
      line(text, header.stream().map(each -> "---").toList());
      for (LostRow row : rows) {
        java.util.ArrayList<String> cells = new java.util.ArrayList<>(List.of(row.how()));
        cells.addAll(row.values());
        line(text, cells);
      }
    }
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ");
    text.append(String.join(" | ", cells.stream().map(LossFiles::cellOf).toList()));
    text.append(" |\n");
  }

  private static String cellOf(String value) {
    return value.replace("\\", "\\\\").replace("|", "\\|").replaceAll("\\R", " ");
  }
}
