package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes keys of a ConfigMap. */
@ActionInfo(
    name = "kubernetes.patchConfigMap",
    summary = "Change keys of a ConfigMap, and keep it as it was",
    description =
        """
        The other keys stay. The former ConfigMap is kept beside it, in the cluster, as `NAME.before-RUN-STEP`;
        `kubernetes.putBackConfigMap` takes the keys from there. Pods that read it when they start need `kubernetes.rolloutRestart`.
        If somebody else changes it at the same moment, it is read and changed anew.

        ```yaml
        uses: kubernetes.patchConfigMap
        with:
          context: production
          namespace: monitoring
          configMap: grafana-datasources
          set:
            datasources.yaml: |
              datasources:
                - { name: SQLite, type: frser-sqlite-datasource, jsonData: { path: var/app.db } }
        undo:
          uses: kubernetes.putBackConfigMap
          with:
            context: production
            namespace: monitoring
            configMap: grafana-datasources
            former: "${{ outputs.?former.orValue('') }}"
            keys: [datasources.yaml]
        ```

        The worker needs `get`, `patch` and `create` on configmaps. A ConfigMap is no place for secrets: what it holds is shown.
        """,
    repeatable = Repeatable.SAFE,
    because = "What is there already isn't written again, and the former ConfigMap is kept once.")
public final class PatchConfigMap implements Action<PatchConfigMap.Input, PatchConfigMap.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The ConfigMap's name.") String configMap,
      @Doc(value = "The keys to set, with their text.", defaultValue = "{}")
          Map<String, String> set,
      @Doc(value = "The keys to remove.", defaultValue = "[]") List<String> unset) {}

  public record Output(
      @Doc("Whether anything was changed.") boolean changed,
      @Doc("The ConfigMap that holds what was there before; absent if nothing was changed.")
          @Nullable String former) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      ConfigMap map = new ConfigMap(cluster, input.configMap(), context);
      boolean changed = map.change(wanted(input), true);
      return new Output(changed || map.isKept(), map.isKept() ? map.keptName() : null);
    }
  }

  /** Null stands for a key that goes. */
  private static Map<String, @Nullable String> wanted(Input input) {
    Map<String, @Nullable String> wanted = new LinkedHashMap<>(input.set());
    input.unset().forEach(key -> wanted.put(key, null));
    return wanted;
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      return new ConfigMap(cluster, input.configMap(), context).preview(wanted(input));
    }
  }

  static boolean differs(JsonNode data, String key, @Nullable String value) {
    return value == null ? data.has(key) : !value.equals(data.path(key).asText(null));
  }
}
