package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Manifest;
import dev.backout.action.Preview;
import dev.backout.action.TextDiff;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Replaces a workload's pods by new ones. */
@ActionInfo(
    name = "kubernetes.rolloutRestart",
    summary = "Replace the pods of a deployment or stateful set by new ones, and wait for them",
    description =
        """
        For what reads its configuration when it starts. The pods' template is given an annotation with the run and the step, as
        `kubectl rollout restart` gives it the time; what runs is replaced as the workload's strategy says, so a service with several
        pods stays up. It then waits as `kubernetes.rolloutStatus` does.

        What was restarted needs no taking back. But where an earlier step has changed what the pods read, they want one more restart
        once that is taken back: give it as `undo` to a step *before* the change, such as a `kubernetes.rolloutStatus`.

        The worker needs `get` and `patch` on the workload, and `list` on pods.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "The step marks the pods' template with its own name, so a repetition finds it and only waits.",
    nothingToUndo = true)
public final class RestartRollout implements Action<RestartRollout.Input, RestartRollout.Output> {
  private static final String ANNOTATION = "backout.dev/restarted-by";

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The workload, as `deployment/NAME` or `statefulset/NAME`.") String workload,
      @Doc(value = "How long that may take.", defaultValue = "5m") Duration within) {}

  public record Output(@Doc("How it does afterwards.") Workload status) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Ref ref = Ref.parse(input.workload(), Workload.TYPES);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      var unused = cluster.patch(ref, null, patch(context), Mark.of(context.call()), false);
      return new Output(
          new Rollout(cluster, ref, context)
              .await(input.within(), "Its pods were told to be replaced."));
    }
  }

  private static JsonNode patch(ActionContext context) {
    return Cluster.JSON.valueToTree(
        Map.of(
            "spec",
            Map.of(
                "template",
                Map.of(
                    "metadata",
                    Map.of("annotations", Map.of(ANNOTATION, context.call().label()))))));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Ref ref = Ref.parse(input.workload(), Workload.TYPES);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      JsonNode object = cluster.require(ref);
      JsonNode then = cluster.patch(ref, null, patch(context), Mark.of(context.call()), true);
      return new Preview(
          "Would replace the "
              + Workload.of(ref, object).replicas()
              + " pods of "
              + ref
              + " in "
              + cluster.place(),
          true,
          List.of(
              TextDiff.of(
                  ref.toString(), template(object, context), template(then, context), context),
              Pods.table(PodState.list(cluster, Workload.selector(object)))),
          null);
    }
  }

  private static String template(JsonNode object, ActionContext context) {
    return Manifest.yaml(Manifest.shown(object, context).path("spec").path("template"), context);
  }
}
