package dev.backout.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.plan.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A statement that was signed, as each place of a history tells it. Where places differ, the
 * signature says which of them is true.
 */
final class Telling {
  /** More ways to put a statement together than this nobody made by altering a record. */
  private static final int MOST = 4096;

  private static final int LONGEST_QUOTE = 120;

  private final Map<String, List<Told>> fields = new LinkedHashMap<>();

  private record Told(JsonNode value, String place) {}

  /** All of a statement, or some of its fields. */
  Telling tell(String place, Object statement) {
    ObjectNode tree = Json.MAPPER.valueToTree(statement);
    tree.fields().forEachRemaining(field -> tell(place, field.getKey(), field.getValue()));
    return this;
  }

  /** One field; null for one that isn't there. */
  Telling tell(String place, String field, @Nullable Object value) {
    JsonNode told = value == null ? NullNode.getInstance() : Json.MAPPER.valueToTree(value);
    fields.computeIfAbsent(field, name -> new ArrayList<>()).add(new Told(told, place));
    return this;
  }

  /**
   * The statement that the signature is over, put together from the places; empty if there is none.
   */
  Optional<ObjectNode> signed(Predicate<byte[]> isSigned) {
    List<ObjectNode> ways = new ArrayList<>(List.of(Json.MAPPER.createObjectNode()));
    for (Map.Entry<String, List<Told>> field : fields.entrySet()) {
      List<JsonNode> values = field.getValue().stream().map(Told::value).distinct().toList();
      if ((long) ways.size() * values.size() > MOST) {
        return Optional.empty();
      }
      ways =
          ways.stream()
              .flatMap(way -> values.stream().map(value -> with(way, field.getKey(), value)))
              .toList();
    }
    return ways.stream().filter(way -> isSigned.test(bytes(way))).findFirst();
  }

  static byte[] bytes(JsonNode statement) {
    return Json.canonical(statement).getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode with(ObjectNode way, String field, JsonNode value) {
    ObjectNode more = way.deepCopy();
    if (!value.isNull()) {
      more.set(field, value);
    }
    return more;
  }

  /** What places say otherwise than what was signed, as sentences. */
  List<String> alterations(JsonNode signed) {
    List<String> found = new ArrayList<>();
    fields.forEach(
        (field, told) -> {
          JsonNode truth = signed.has(field) ? signed.get(field) : NullNode.getInstance();
          told.stream()
              .filter(each -> !each.value().equals(truth))
              .forEach(
                  each ->
                      found.add(
                          "`"
                              + field
                              + "` was altered: signed was "
                              + quoted(truth)
                              + ", and "
                              + each.place()
                              + " says "
                              + quoted(each.value())
                              + "."));
        });
    return found;
  }

  /** Where the places differ, without knowing which is true. */
  List<String> disagreements() {
    List<String> found = new ArrayList<>();
    fields.forEach(
        (field, told) -> {
          if (told.stream().map(Told::value).distinct().count() > 1) {
            found.add(
                "`"
                    + field
                    + "` is told in different ways: "
                    + String.join(
                        "; ",
                        told.stream()
                            .map(each -> each.place() + " says " + quoted(each.value()))
                            .toList())
                    + ".");
          }
        });
    return found;
  }

  private static String quoted(JsonNode value) {
    if (value.isNull()) {
      return "nothing";
    }
    return quoted(value.isTextual() ? "\"" + value.textValue() + "\"" : value.toString());
  }

  static String quoted(String text) {
    return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
  }
}
