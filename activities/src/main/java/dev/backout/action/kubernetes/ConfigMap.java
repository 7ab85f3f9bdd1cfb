package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Manifest;
import dev.backout.action.Preview;
import dev.backout.action.TextDiff;
import dev.backout.action.kubernetes.Cluster.ConflictException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ConfigMap whose keys are changed, each or none of them. */
final class ConfigMap {
  private static final int ATTEMPTS = 5;

  private final Cluster cluster;
  private final Ref ref;
  private final ActionContext context;

  ConfigMap(Cluster cluster, String name, ActionContext context) throws ActionException {
    this.cluster = cluster;
    this.ref = Ref.parse(Type.CONFIG_MAP.word() + "/" + name, List.of(Type.CONFIG_MAP));
    this.context = context;
  }

  /**
   * @param wanted by key; null for one that is to go
   * @param keep whether the former ConfigMap is kept beside it
   * @return whether anything had to be changed
   */
  boolean change(Map<String, @Nullable String> wanted, boolean keep)
      throws ActionException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      JsonNode now = cluster.require(ref);
      if (isSo(now, wanted)) {
        return false;
      }
      if (keep) {
        keep(now);
      }
      try {
        var unused = cluster.patch(ref, null, patch(now, wanted), Mark.of(context.call()), false);
        return true;
      } catch (ConflictException e) {
        if (attempt == ATTEMPTS) {
          throw new ActionException(
              Kind.TRANSIENT,
              ref
                  + " in "
                  + cluster.place()
                  + " was changed by somebody else each of the "
                  + ATTEMPTS
                  + " times that it was read and was to be written. It is as they left it; find out what writes it, then retry.",
              e);
        }
        context.heartbeat(e.getMessage());
      }
    }
  }

  private static boolean isSo(JsonNode object, Map<String, @Nullable String> wanted) {
    return wanted.entrySet().stream()
        .noneMatch(
            each -> PatchConfigMap.differs(object.path("data"), each.getKey(), each.getValue()));
  }

  /** Once for a step: a repetition must not put the changed one in the former one's place. */
  private void keep(JsonNode now) throws ActionException, InterruptedException {
    ObjectNode copy = Cluster.JSON.createObjectNode();
    copy.put("apiVersion", "v1").put("kind", "ConfigMap");
    copy.putObject("metadata").put("name", keptName());
    copy.set("data", now.path("data").deepCopy());
    if (now.has("binaryData")) {
      copy.set("binaryData", now.path("binaryData").deepCopy());
    }
    var unused = cluster.create(Type.CONFIG_MAP, copy, Mark.of(context.call()));
  }

  String keptName() {
    String label = context.call().label().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String name = ref.name() + ".before-" + label;
    return name.substring(0, Math.min(253, name.length())).replaceAll("[-.]+$", "");
  }

  boolean isKept() throws ActionException, InterruptedException {
    return cluster.find(new Ref(Type.CONFIG_MAP, keptName())).isPresent();
  }

  /** It says which version it is of, so that what others do meanwhile isn't lost. */
  private static JsonNode patch(JsonNode now, Map<String, @Nullable String> wanted) {
    ObjectNode patch = Cluster.JSON.createObjectNode();
    patch
        .putObject("metadata")
        .set("resourceVersion", now.path("metadata").path("resourceVersion"));
    ObjectNode data = patch.putObject("data");
    wanted.forEach(data::put);
    return patch;
  }

  Preview preview(Map<String, @Nullable String> wanted)
      throws ActionException, InterruptedException {
    JsonNode now = cluster.require(ref);
    if (isSo(now, wanted)) {
      return new Preview(ref + " says so already", false, List.of(), null);
    }
    JsonNode then = cluster.patch(ref, null, patch(now, wanted), Mark.of(context.call()), true);
    return new Preview(
        "Would change " + ref + " in " + cluster.place(),
        true,
        List.of(TextDiff.of(ref.toString(), text(now), text(then), context)),
        null);
  }

  private String text(JsonNode object) {
    return Manifest.yaml(Manifest.shown(object, context).path("data"), context);
  }
}
