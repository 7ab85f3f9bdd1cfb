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

/** Takes keys of a ConfigMap back. */
@ActionInfo(
    name = "kubernetes.putBackConfigMap",
    summary = "Give keys of a ConfigMap the text that they had",
    description =
        """
        The `undo` of `kubernetes.patchConfigMap`. A key that was not there goes; the others stay as they are now.

        The worker needs `get` and `patch` on configmaps.
        """,
    repeatable = Repeatable.SAFE,
    because = "What is back already isn't written again.")
public final class PutBackConfigMap
    implements Action<PutBackConfigMap.Input, PutBackConfigMap.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The ConfigMap's name.") String configMap,
      @Doc("The ConfigMap that holds what was there. Nothing is done if empty.") String former,
      @Doc("The keys to take back.") List<String> keys) {}

  public record Output(@Doc("Whether anything was changed.") boolean changed) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    if (input.former().isEmpty()) {
      return new Output(false);
    }
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      return new Output(
          new ConfigMap(cluster, input.configMap(), context).change(former(input, cluster), false));
    }
  }

  private static Map<String, @Nullable String> former(Input input, Cluster cluster)
      throws ActionException, InterruptedException {
    JsonNode data = cluster.require(new Ref(Type.CONFIG_MAP, input.former())).path("data");
    Map<String, @Nullable String> wanted = new LinkedHashMap<>();
    input.keys().forEach(key -> wanted.put(key, data.path(key).asText(null)));
    return wanted;
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    if (input.former().isEmpty()) {
      return new Preview("Nothing was changed, so nothing would be", false, List.of(), null);
    }
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      return new ConfigMap(cluster, input.configMap(), context).preview(former(input, cluster));
    }
  }
}
