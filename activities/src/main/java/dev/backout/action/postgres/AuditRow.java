package dev.backout.action.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.StepCall;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The note of a change, in the transaction of the change. */
record AuditRow(ChangeRows.Audit audit, ActionContext context) {

  private String table() {
    return Arrays.stream(audit.table().split("\\."))
        .map(Sql::identifier)
        .collect(Collectors.joining("."));
  }

  /** A step of a run changes rows once, whoever says that it should be tried again. */
  void requireNone(Connection connection) throws SQLException, ActionException {
    StepCall call = context.call();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT count(*) FROM " + table() + " WHERE run = ? AND step = ?")) {
      statement.setString(1, call.runId());
      statement.setString(2, call.step());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getLong(1) > 0) {
          throw new ActionException(
              Kind.PERMANENT,
              "This step of this run has changed its rows before: "
                  + audit.table()
                  + " has the row of run "
                  + call.runId()
                  + ". Nothing was changed again. Skip the step, or settle it as done.");
        }
      }
    }
  }

  void insert(List<ChangeRows.Change> changes, List<Long> counts, Connection connection)
      throws SQLException {
    Map<String, JsonNode> columns = columns(changes, counts);
    String names = columns.keySet().stream().map(Sql::identifier).collect(Collectors.joining(", "));
    String places = String.join(", ", Collections.nCopies(columns.size(), "?"));
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO " + table() + " (" + names + ") VALUES (" + places + ")")) {
      QueryDatabase.bind(statement, new ArrayList<>(columns.values()));
      int unused = statement.executeUpdate();
    }
  }

  private Map<String, JsonNode> columns(List<ChangeRows.Change> changes, List<Long> counts) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    StepCall call = context.call();
    Map<String, JsonNode> columns = new LinkedHashMap<>();
    columns.put("run", json.textNode(call.runId()));
    columns.put("step", json.textNode(call.step()));
    columns.put("runbook", json.textNode(call.runbook()));
    columns.put("approved_by", json.textNode(approvedBy(call)));
    columns.put("statements", json.textNode(context.mask(said(changes))));
    columns.put("row_count", json.numberNode(counts.stream().mapToLong(Long::longValue).sum()));
    columns.putAll(audit.values());
    return columns;
  }

  private static String approvedBy(StepCall call) {
    return call.approvals().stream()
        .map(each -> each.by() + " (" + each.step() + (each.verified() ? ", signed" : "") + ")")
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String said(List<ChangeRows.Change> changes) {
    return changes.stream()
        .map(
            change ->
                change.sql().strip()
                    + (change.parameters().isEmpty() ? "" : " " + change.parameters()))
        .collect(Collectors.joining(";\n"));
  }
}
