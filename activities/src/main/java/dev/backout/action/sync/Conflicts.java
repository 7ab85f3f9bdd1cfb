package dev.backout.action.sync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionContext;
import dev.backout.action.PrivateFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that both sides changed, with both values, in a file for people: one JSON object a line.
 * What a secret column holds is not written.
 */
final class Conflicts implements AutoCloseable {
  private static final int LONGEST = 2000;

  private final ActionContext context;
  private final Set<String> secret;
  private @Nullable Path file;
  private @Nullable BufferedWriter out;

  /**
   * @param secret columns as {@code table.column}
   */
  Conflicts(ActionContext context, Set<String> secret) {
    this.context = context;
    this.secret = secret;
  }

  /** Where they are; null if there was none. */
  @Nullable Path file() {
    return file;
  }

  /**
   * Writes those of a table.
   *
   * @param condition SQL that says which staged rows {@code s} and rows {@code t} are in conflict
   * @param sourceWins SQL that says which of them the source wins
   */
  void write(StagedRows staged, String condition, String sourceWins)
      throws SQLException, IOException {
    StringBuilder columns = new StringBuilder(sourceWins);
    for (Pair pair : staged.match().columns()) {
      columns
          .append(", ")
          .append(StagedRows.comparable("s", pair.target()))
          .append(", ")
          .append(StagedRows.comparable("t", pair.target()));
    }
    String sql =
        "SELECT "
            + columns
            + " FROM "
            + staged.rows()
            + " s JOIN "
            + staged.table()
            + " t ON "
            + staged.same("s", "t")
            + " WHERE "
            + condition;
    try (Statement statement = staged.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        write(staged, rows);
      }
    }
  }

  private void write(StagedRows staged, ResultSet row) throws SQLException, IOException {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("table", staged.match().source().name());
    line.put("winner", row.getBoolean(1) ? "source" : "target");
    ObjectNode key = line.putObject("key");
    ObjectNode columns = line.putObject("columns");
    int at = 2;
    for (Pair pair : staged.match().columns()) {
      String source = row.getString(at++);
      String target = row.getString(at++);
      String name = pair.source().name();
      if (staged.key().contains(pair)) {
        key.put(name, shown(staged, name, source));
      } else if (!Objects.equals(source, target)) {
        ObjectNode both = columns.putObject(name);
        both.put("source", shown(staged, name, source));
        both.put("target", shown(staged, name, target));
      }
    }
    writer().write(context.mask(line.toString()));
    writer().newLine();
  }

  private @Nullable String shown(StagedRows staged, String column, @Nullable String value) {
    if (value == null) {
      return null;
    }
    if (secret.contains(staged.match().source().name() + "." + column)) {
      return "***";
    }
    return value.length() > LONGEST ? value.substring(0, LONGEST) + "…" : value;
  }

  private BufferedWriter writer() throws IOException {
    if (out == null) {
      Path path = context.evidence("conflicts.jsonl");
      Files.deleteIfExists(path);
      file = PrivateFiles.create(path);
      out = Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }
    return out;
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}
