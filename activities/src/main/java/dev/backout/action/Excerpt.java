package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What fits of a value that is too big, every part of its type: long texts lose their end, long
 * lists and maps their last elements. Numbers, words and the fields of records stay.
 */
final class Excerpt {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int LONGEST_TEXT = 16 * 1024;
  private static final int MOST_ELEMENTS = 1_024;

  /** No record has more fields, so what has more is a map. */
  private static final int MOST_FIELDS = 64;

  private final int longestText;
  private final int mostElements;
  private final Map<String, String> cut = new LinkedHashMap<>();

  private Excerpt(int longestText, int mostElements) {
    this.longestText = longestText;
    this.mostElements = mostElements;
  }

  /**
   * @param cut what was shortened, by its place in the value, and how much of it is left
   */
  record Of(JsonNode value, Map<String, String> cut) {}

  static int bytes(JsonNode value) {
    return value.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * @param most bytes of UTF-8
   */
  static Of of(JsonNode value, int most) {
    int text = LONGEST_TEXT;
    int elements = MOST_ELEMENTS;
    while (true) {
      Excerpt excerpt = new Excerpt(text, elements);
      JsonNode left = excerpt.cut(value, "");
      if (bytes(left) <= most || (text == 0 && elements == 0)) {
        return new Of(left, excerpt.cut);
      }
      text /= 2;
      elements /= 2;
    }
  }

  private JsonNode cut(JsonNode value, String path) {
    if (value.isTextual()) {
      return text(value, path);
    } else if (value.isArray()) {
      return list(value, path);
    } else if (value.isObject()) {
      return object(value, path);
    }
    return value;
  }

  private JsonNode text(JsonNode value, String path) {
    String text = value.textValue();
    if (text.length() <= longestText) {
      return value;
    }
    cut.put(path, longestText + " of " + text.length() + " characters");
    return JSON.textNode(
        head(text, longestText) + "… [cut: " + text.length() + " characters in all]");
  }

  /** Never half of a character. */
  static String head(String text, int most) {
    int end = Math.min(most, text.length());
    return text.substring(
        0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }

  private JsonNode list(JsonNode value, String path) {
    ArrayNode left = JSON.arrayNode();
    int count = Math.min(value.size(), mostElements);
    for (int i = 0; i < count; i++) {
      left.add(cut(value.get(i), path + "[" + i + "]"));
    }
    if (count < value.size()) {
      dropped(path, count, value.size());
    }
    return left;
  }

  private JsonNode object(JsonNode value, String path) {
    ObjectNode left = JSON.objectNode();
    int count = value.size() <= MOST_FIELDS ? value.size() : Math.min(value.size(), mostElements);
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (left.size() == count) {
        break;
      }
      left.set(
          field.getKey(),
          cut(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey()));
    }
    if (count < value.size()) {
      dropped(path, count, value.size());
    }
    return left;
  }

  /** What was cut within a list that is cut too is no news. */
  private void dropped(String path, int left, int all) {
    cut.keySet().removeIf(each -> each.startsWith(path + "[") || each.startsWith(path + "."));
    cut.put(path, left + " of " + all + " elements");
  }
}
