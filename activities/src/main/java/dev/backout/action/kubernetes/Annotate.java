package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Manifest;
import dev.backout.action.Preview;
import dev.backout.action.TextDiff;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes an object's annotations. */
@ActionInfo(
    name = "kubernetes.annotate",
    summary = "Set or remove annotations of an object, such as the ones that block an ingress",
    description =
        """
        What was there is in the outputs, so the same action is its own undo. It is also noted on the object, under `backout.dev/before-RUN-STEP`,
        for a repetition; the undo removes that too.

        This keeps everybody out of an ingress of the nginx controller:

        ```yaml
        uses: kubernetes.annotate
        with:
          context: production
          namespace: payments
          object: ingress/invoices
          set: { nginx.ingress.kubernetes.io/whitelist-source-range: 127.0.0.1/32 }
        undo:
          uses: kubernetes.annotate
          with:
            context: production
            namespace: payments
            object: ingress/invoices
            set: "${{ outputs.former }}"
            unset: "${{ outputs.added }}"
        ```

        The worker needs `get` and `patch` on the object.
        """,
    repeatable = Repeatable.SAFE,
    because = "What is there already isn't written again, and what was there before is noted once.")
public final class Annotate implements Action<Annotate.Input, Annotate.Output> {
  private static final String BEFORE = "backout.dev/before-";
  private static final List<Type> TYPES =
      List.of(Type.INGRESS, Type.SERVICE, Type.DEPLOYMENT, Type.STATEFUL_SET, Type.CONFIG_MAP);

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The object, as `ingress/NAME`; also a service, deployment, statefulset or configmap.")
          String object,
      @Doc(value = "The annotations to set.", defaultValue = "{}") Map<String, String> set,
      @Doc(value = "The annotations to remove.", defaultValue = "[]") List<String> unset) {}

  public record Output(
      @Doc("Those of the annotations that were there, as they were.") Map<String, String> former,
      @Doc("Those that were not there, and the note of this step.") List<String> added) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Ref ref = Ref.parse(input.object(), TYPES);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      JsonNode now = annotations(cluster.require(ref));
      if (isSo(input, now)) {
        return output(input, before(input, now, context), note(context));
      }
      JsonNode before = before(input, now, context);
      var unused =
          cluster.patch(ref, null, patch(input, before, context), Mark.of(context.call()), false);
      return output(input, before, note(context));
    }
  }

  private static JsonNode annotations(JsonNode object) {
    return object.path("metadata").path("annotations");
  }

  private static boolean isSo(Input input, JsonNode now) {
    return input.set().entrySet().stream()
            .allMatch(each -> each.getValue().equals(now.path(each.getKey()).asText(null)))
        && input.unset().stream().noneMatch(now::has);
  }

  private static String note(ActionContext context) {
    String label = context.call().label().replaceAll("[^A-Za-z0-9]+", "-");
    String name = BEFORE.substring(BEFORE.indexOf('/') + 1) + label;
    return BEFORE.substring(0, BEFORE.indexOf('/') + 1)
        + name.substring(0, Math.min(63, name.length())).replaceAll("-+$", "");
  }

  /** What an earlier attempt has noted goes before what is there now. */
  private static JsonNode before(Input input, JsonNode now, ActionContext context) {
    String noted = now.path(note(context)).asText("");
    if (!noted.isEmpty()) {
      try {
        return Cluster.JSON.readTree(noted);
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        // Somebody has written something else there; what is there now is the best that is known.
      }
    }
    ObjectNode before = Cluster.JSON.createObjectNode();
    List<String> keys = new ArrayList<>(input.set().keySet());
    keys.addAll(input.unset());
    keys.stream().filter(now::has).forEach(key -> before.set(key, now.get(key)));
    return before;
  }

  private static Output output(Input input, JsonNode before, String note) {
    Map<String, String> former = new LinkedHashMap<>();
    before.properties().forEach(each -> former.put(each.getKey(), each.getValue().asText()));
    List<String> added =
        new ArrayList<>(
            input.set().keySet().stream().filter(each -> !before.has(each)).sorted().toList());
    added.add(note);
    return new Output(former, added);
  }

  private static JsonNode patch(Input input, JsonNode before, ActionContext context) {
    Map<String, @Nullable String> annotations = new LinkedHashMap<>(input.set());
    input.unset().forEach(key -> annotations.put(key, null));
    boolean isUndo = input.unset().stream().anyMatch(key -> key.startsWith(BEFORE));
    if (!isUndo) {
      annotations.put(note(context), before.toString());
    }
    return Cluster.JSON.valueToTree(Map.of("metadata", Map.of("annotations", annotations)));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Ref ref = Ref.parse(input.object(), TYPES);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      JsonNode object = cluster.require(ref);
      if (isSo(input, annotations(object))) {
        return new Preview(ref + " has these annotations already", false, List.of(), null);
      }
      JsonNode before = before(input, annotations(object), context);
      JsonNode then =
          cluster.patch(ref, null, patch(input, before, context), Mark.of(context.call()), true);
      return new Preview(
          "Would change annotations of " + ref + " in " + cluster.place(),
          true,
          List.of(
              TextDiff.of(ref.toString(), shown(object, context), shown(then, context), context)),
          null);
    }
  }

  private static String shown(JsonNode object, ActionContext context) {
    JsonNode annotations = annotations(Manifest.shown(object, context));
    return annotations.isMissingNode() || annotations.isEmpty()
        ? ""
        : Manifest.yaml(annotations, context);
  }
}
