package dev.backout.action.sync.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionContext;
import dev.backout.action.PrivateFiles;
import dev.backout.action.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is kept in files: the same of the same data, so that its hash stands for what was seen. */
final class Evidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_RANGES = 200;

  private Evidence() {}

  /** A file that was written. */
  record Kept(Path path, String sha256) {}

  static ArrayNode list() {
    return JSON.createArrayNode();
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static ObjectNode missing(TableComparison table) {
    ObjectNode json = object();
    json.put("table", table.table());
    json.put("only", table.sourceRows() == null ? "in the target" : "in the source");
    json.put("rows", table.onlyInSource() + table.onlyInTarget());
    return json;
  }

  static ObjectNode of(Pair pair, Comparison.Sums sums, Differences differences) {
    ObjectNode json = object();
    json.put("table", pair.name());
    json.put("same", sums.same() && pair.hasSameColumns());
    pair.key().forEach(json.putArray("key")::add);
    side(json.putObject("source"), sums.source(), pair.onlyInSource());
    side(json.putObject("target"), sums.target(), pair.onlyInTarget());
    json.put("onlyInSource", differences.onlyInSource());
    json.put("onlyInTarget", differences.onlyInTarget());
    json.put("changed", differences.changed());
    if (sums.partition() instanceof Partition.ByRange ranges) {
      ranges(json.putArray("ranges"), ranges, sums);
    }
    ArrayNode rows = json.putArray("rows");
    for (Difference each : differences.listed()) {
      ObjectNode row = rows.addObject();
      row.put("how", each.how().name());
      row.put("key", each.key());
      each.columns().forEach(row.putArray("columns")::add);
    }
    return json;
  }

  private static void side(ObjectNode json, Parts parts, List<String> columns) {
    json.put("rows", parts.rows());
    json.put("hash", parts.sum().toString());
    columns.forEach(json.putArray("columnsOnlyHere")::add);
  }

  private static void ranges(ArrayNode json, Partition.ByRange ranges, Comparison.Sums sums) {
    sums.differing().stream()
        .limit(MOST_RANGES)
        .forEach(
            part -> {
              ObjectNode range = json.addObject();
              range.put("from", ranges.from(part));
              range.put("to", ranges.from(part) + ranges.width() - 1);
              range.put("sourceRows", sums.source().rows(part));
              range.put("targetRows", sums.target().rows(part));
              range.put("sourceHash", sums.source().sum(part).toString());
              range.put("targetHash", sums.target().sum(part).toString());
            });
  }

  static byte[] bytes(ObjectNode json) {
    return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** One hash for all tables by their names. */
  static String sum(
      List<TableComparison> tables, Function<TableComparison, @Nullable String> hash) {
    StringBuilder all = new StringBuilder();
    for (TableComparison each : tables) {
      String own = hash.apply(each);
      if (own != null) {
        all.append(each.table()).append('\0').append(own).append('\n');
      }
    }
    return Sha256.of(all.toString());
  }

  static Kept keep(String name, byte[] bytes, ActionContext context) throws IOException {
    Path file = context.evidence(name);
    Files.deleteIfExists(file);
    Files.write(PrivateFiles.create(file), bytes);
    return new Kept(file, Sha256.of(bytes));
  }
}
