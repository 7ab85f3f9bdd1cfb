package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.FirstAttempt;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextDiff;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets how many pods a workload has. */
@ActionInfo(
    name = "kubernetes.scale",
    summary = "Set how many pods a deployment or stateful set has, and see that it has them",
    description =
        """
        At 0 it waits until the last pod is gone, else until all are ready. How many there were is in the outputs, so
        the same action is its own undo. A repetition finds it in the worker's evidence; one on another worker, that finds the
        wanted number there already, can't tell how many there were, and is in doubt.

        ```yaml
        uses: kubernetes.scale
        with: { context: production, namespace: payments, workload: deployment/poller, replicas: 0 }
        undo:
          uses: kubernetes.scale
          with:
            context: production
            namespace: payments
            workload: deployment/poller
            replicas: "${{ outputs.formerReplicas }}"
        ```

        A step that fails because the pods don't go, or don't get ready, has set the number all the same, and an undo of the run leaves out
        what failed. `await: false` returns as soon as it is set, so that the undo stands; `kubernetes.rolloutStatus` in the next step waits.

        The worker needs `get` on the workload, `get` and `patch` on its `scale`, and `list` on pods.
        """,
    repeatable = Repeatable.SAFE,
    because = "The number is the wanted one, not a difference, and what it was is kept once.")
public final class ScaleWorkload implements Action<ScaleWorkload.Input, ScaleWorkload.Output> {
  private static final String FORMER = "former-replicas.txt";

  @Override
  public void prepare() {
    if (Kubeconfig.of(System.getenv()).isThere()) {
      Cluster.prepare();
    }
  }

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The workload, as `deployment/NAME` or `statefulset/NAME`.") String workload,
      @Doc("How many pods it shall have.") int replicas,
      @Doc(value = "How long that may take.", defaultValue = "2m") Duration within,
      @Doc(
              value = "Whether to wait until the pods are gone, or all are ready.",
              defaultValue = "true")
          boolean await) {}

  public record Output(
      @Doc("How many it should have before this step.") int formerReplicas,
      @Doc("How many it has, or shall have where that was not waited for.") int replicas,
      @Doc("Where it is kept as it was, on the worker; absent if nothing was to be done.")
          @Nullable Path evidence,
      @Doc("What it stopped: the workload, at 0; absent at any other number.")
          @Nullable List<String> stopped) {
    Output(int formerReplicas, int replicas, @Nullable Path evidence, Ref ref) {
      this(formerReplicas, replicas, evidence, replicas == 0 ? List.of(ref.toString()) : null);
    }
  }

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    requireSensible(input);
    Ref ref = Ref.parse(input.workload(), Workload.TYPES);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      JsonNode object = cluster.require(ref);
      int now = replicas(cluster.requirePart(ref, "scale"));
      requireKnown(ref, now, input, context);
      int former = Integer.parseInt(FirstAttempt.found(FORMER, Integer.toString(now), context));
      Path evidence = null;
      if (now != input.replicas()) {
        evidence = Evidence.keep(object, context);
        var unused = cluster.patch(ref, "scale", patch(input), Mark.of(context.call()), false);
      }
      if (!input.await()) {
        return new Output(former, input.replicas(), evidence, ref);
      }
      String done = "It was set from " + now + " to " + input.replicas() + " replicas.";
      Workload after = new Rollout(cluster, ref, context).await(input.within(), done);
      return new Output(former, after.replicas(), evidence, ref);
    }
  }

  private static void requireSensible(Input input) throws ActionException {
    if (input.replicas() < 0) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "`replicas` is "
              + input.replicas()
              + ", and can't be less than 0. Nothing was changed; correct the step's `with`.");
    }
  }

  /** An earlier attempt on another worker may have set it, and only that one knows from what. */
  private static void requireKnown(Ref ref, int now, Input input, ActionContext context)
      throws ActionException, IOException {
    boolean first = context.call().attempt() == 1;
    if (!first && now == input.replicas() && !FirstAttempt.isKnown(FORMER, context)) {
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          ref
              + " has "
              + now
              + " replicas already, and this worker doesn't know whether an earlier attempt on another worker set them, and how many there were. Look at its events, then settle the step with `--set formerReplicas=NUMBER`.");
    }
  }

  private static int replicas(JsonNode scale) {
    return scale.path("spec").path("replicas").asInt(0);
  }

  private static JsonNode patch(Input input) {
    return Cluster.JSON.valueToTree(Map.of("spec", Map.of("replicas", input.replicas())));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    requireSensible(input);
    Ref ref = Ref.parse(input.workload(), Workload.TYPES);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      JsonNode object = cluster.require(ref);
      JsonNode scale = cluster.requirePart(ref, "scale");
      int now = replicas(scale);
      if (now == input.replicas()) {
        return new Preview(
            ref + " has " + now + " replicas already",
            false,
            List.of(),
            new Output(now, now, null, ref));
      }
      JsonNode then = cluster.patch(ref, "scale", patch(input), Mark.of(context.call()), true);
      List<Detail> details = new ArrayList<>();
      details.add(TextDiff.of(ref.toString(), shown(scale), shown(then), context));
      details.add(Pods.table(PodState.list(cluster, Workload.selector(object))));
      return new Preview(
          "Would set "
              + ref
              + " from "
              + now
              + " to "
              + input.replicas()
              + " replicas in "
              + cluster.place(),
          true,
          details,
          new Output(now, input.replicas(), null, ref));
    }
  }

  /** A scale of 0 says nothing at all. */
  private static String shown(JsonNode scale) {
    return "replicas: " + replicas(scale) + "\n";
  }
}
