package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * JSON in one form only, in the manner of RFC 8785: keys sorted by UTF-16 code units, no space, the
 * shortest escapes. Numbers are plain decimals without trailing zeros, so that they don't hang on
 * how a runtime prints a double.
 */
final class CanonicalJson {
  private CanonicalJson() {}

  static String of(JsonNode json) {
    StringBuilder out = new StringBuilder();
    write(json, out);
    return out.toString();
  }

  private static void write(JsonNode json, StringBuilder out) {
    if (json.isObject()) {
      object(json, out);
    } else if (json.isArray()) {
      array(json, out);
    } else if (json.isTextual()) {
      text(json.textValue(), out);
    } else if (json.isNumber()) {
      out.append(number(json.decimalValue()));
    } else {
      out.append(json.asText());
    }
  }

  private static void object(JsonNode json, StringBuilder out) {
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    Collections.sort(keys);
    String separator = "{";
    for (String key : keys) {
      out.append(separator);
      text(key, out);
      out.append(':');
      write(json.get(key), out);
      separator = ",";
    }
    out.append(keys.isEmpty() ? "{}" : "}");
  }

  private static void array(JsonNode json, StringBuilder out) {
    out.append('[');
    String separator = "";
    for (JsonNode element : json) {
      out.append(separator);
      write(element, out);
      separator = ",";
    }
    out.append(']');
  }

  private static String number(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static void text(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      character(text.charAt(i), out);
    }
    out.append('"');
  }

  private static void character(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c < ' ') {
          out.append("\\u00")
              .append(Character.forDigit(c >> 4, 16))
              .append(Character.forDigit(c & 15, 16));
        } else {
          out.append(c);
        }
      }
    }
  }
}
