package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.plan.Json;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a decision holds besides the choice: the item that is ticked, the outputs of what is done.
 */
public final class Details {
  private static final String ITEM = "item";
  private static final String FILE = "file";
  private static final String SHA256 = "sha256";
  private static final String OUTPUTS = "outputs";

  private Details() {}

  /**
   * @param item counted from 1
   */
  public static JsonNode tick(int item) {
    return Json.MAPPER.createObjectNode().put(ITEM, item);
  }

  /**
   * With a file that shows it.
   *
   * @param sha256 hexadecimal
   */
  public static JsonNode tick(int item, String file, String sha256) {
    return Json.MAPPER.createObjectNode().put(ITEM, item).put(FILE, file).put(SHA256, sha256);
  }

  public static JsonNode outputs(Map<String, JsonNode> outputs) {
    ObjectNode details = Json.MAPPER.createObjectNode();
    details.set(OUTPUTS, Json.MAPPER.valueToTree(outputs));
    return details;
  }

  /** Empty where no item is named by a number. */
  static Optional<Integer> item(Decision decision) {
    return field(decision, ITEM).filter(JsonNode::isInt).map(JsonNode::intValue);
  }

  static @Nullable String file(Decision decision) {
    return text(decision, FILE);
  }

  static @Nullable String sha256(Decision decision) {
    return text(decision, SHA256);
  }

  static @Nullable JsonNode outputs(Decision decision) {
    return field(decision, OUTPUTS).orElse(null);
  }

  private static @Nullable String text(Decision decision, String name) {
    return field(decision, name).map(JsonNode::textValue).orElse(null);
  }

  private static Optional<JsonNode> field(Decision decision, String name) {
    return Optional.ofNullable(decision.details()).map(details -> details.get(name));
  }
}
