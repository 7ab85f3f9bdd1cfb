package dev.backout.action.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row's values as JSON: numbers, booleans, lists and JSON as such, times with a zone in UTC, all
 * else as PostgreSQL prints it.
 */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Values() {}

  static Map<String, JsonNode> row(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    Map<String, JsonNode> row = new LinkedHashMap<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      row.put(columns.getColumnLabel(i), value(rows, i, columns.getColumnTypeName(i)));
    }
    return row;
  }

  private static JsonNode value(ResultSet rows, int column, String type) throws SQLException {
    String text = rows.getString(column);
    if (text == null) {
      return JSON.nullNode();
    }
    return switch (type) {
      case "timestamptz" -> JSON.textNode(instant(rows.getTimestamp(column)));
      case "json", "jsonb" -> json(text);
      case "bytea" -> JSON.textNode(text);
      default -> of(rows.getObject(column), text);
    };
  }

  private static String instant(@Nullable Timestamp time) {
    return time == null ? "" : time.toInstant().toString();
  }

  private static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.textNode(text);
    }
  }

  private static JsonNode of(@Nullable Object value, String text) throws SQLException {
    if (value instanceof Boolean flag) {
      return JSON.booleanNode(flag);
    }
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return JSON.numberNode(((Number) value).longValue());
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? JSON.numberNode(number) : JSON.textNode(text);
    }
    if (value instanceof BigDecimal number) {
      return JSON.numberNode(number);
    }
    if (value instanceof Array array && array.getArray() instanceof Object[] elements) {
      var list = JSON.arrayNode();
      for (Object each : elements) {
        list.add(each == null ? JSON.nullNode() : of(each, each.toString()));
      }
      return list;
    }
    return JSON.textNode(text);
  }
}
