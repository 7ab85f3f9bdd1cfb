package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Kubernetes objects as people may see them: a Secret without what it holds, what looks
 * confidential elsewhere masked from then on, and without what the API server notes for itself.
 */
public final class Manifest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> NOTED_BY_THE_SERVER =
      Set.of(
          "managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink");
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private Manifest() {}

  /** The objects of a YAML text, which may hold several. */
  public static List<JsonNode> read(String yaml) {
    List<JsonNode> objects = new ArrayList<>();
    for (Object each : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      if (each instanceof Map<?, ?>) {
        objects.add(MAPPER.valueToTree(each));
      }
    }
    return objects;
  }

  /** KIND/NAME, as people call an object. */
  public static String name(JsonNode object) {
    return object.path("kind").asText() + "/" + object.path("metadata").path("name").asText();
  }

  public static boolean isSecret(JsonNode object) {
    return object.path("kind").asText().equals("Secret");
  }

  /** A copy that may be shown. What was hidden in it is masked from then on wherever it appears. */
  public static JsonNode shown(JsonNode object, ActionContext context) {
    JsonNode copy = object.deepCopy();
    if (isSecret(copy)) {
      hide(copy.path("data"), context, true);
      hide(copy.path("stringData"), context, false);
    } else {
      conceal(copy, context);
    }
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(NOTED_BY_THE_SERVER);
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        // It repeats the whole object, with whatever is in it.
        annotations.remove(LAST_APPLIED);
      }
    }
    return copy;
  }

  private static void hide(JsonNode data, ActionContext context, boolean encoded) {
    if (!(data instanceof ObjectNode values)) {
      return;
    }
    for (Map.Entry<String, JsonNode> each : values.properties()) {
      String value = each.getValue().asText();
      context.conceal(value);
      if (encoded) {
        decode(value, context);
      }
      each.setValue(values.textNode("***"));
    }
  }

  private static void decode(String value, ActionContext context) {
    try {
      context.conceal(new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // Whoever wrote it meant something else; the text itself is concealed.
    }
  }

  /** Also of environment variables, whose name stands beside their value. */
  private static void conceal(JsonNode node, ActionContext context) {
    JsonNode value = node.path("value");
    if (value.isTextual() && TextDiff.isConfidential(node.path("name").asText(), value.asText())) {
      context.conceal(value.asText());
    }
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (each.getValue().isTextual()
          && TextDiff.isConfidential(each.getKey(), each.getValue().asText())
          && !each.getKey().endsWith("Name")) {
        context.conceal(each.getValue().asText());
      }
    }
    node.forEach(each -> conceal(each, context));
  }

  /** As YAML, masked. */
  public static String yaml(JsonNode object, ActionContext context) {
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setWidth(4096).build();
    Object plain = MAPPER.convertValue(object, Object.class);
    return context.mask(new Dump(settings).dumpToString(plain));
  }
}
