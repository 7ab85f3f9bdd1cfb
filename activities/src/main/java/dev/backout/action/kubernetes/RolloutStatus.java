package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.time.Duration;
import java.util.List;

/** Waits for a workload's pods. */
@ActionInfo(
    name = "kubernetes.rolloutStatus",
    summary =
        "Wait until a deployment or stateful set runs what was last asked of it, and nothing else",
    description =
        """
        It does when its controller has seen the change, all its pods are of the newest kind and ready, and those of former kinds are
        gone. If that takes too long, or Kubernetes gives up (`ProgressDeadlineExceeded`), the failure says which pods are not ready and
        why: an image that can't be pulled, no node that takes them, a container that ends again and again.

        The worker needs `get` on the workload and `list` on pods.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks the API server.")
public final class RolloutStatus implements Action<RolloutStatus.Input, RolloutStatus.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The workload, as `deployment/NAME` or `statefulset/NAME`.") String workload,
      @Doc(value = "How long that may take.", defaultValue = "2m") Duration within) {}

  public record Output(
      @Doc("How far it is.") Workload status,
      @Doc("Whether it is as it should be.") boolean complete,
      @Doc("What is wrong with it, as Kubernetes says.") List<String> problems) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Ref ref = Ref.parse(input.workload(), Workload.TYPES);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      return new Output(
          new Rollout(cluster, ref, context).await(input.within(), "Nothing was changed."),
          true,
          List.of());
    }
  }

  /** One look, without waiting. */
  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Ref ref = Ref.parse(input.workload(), Workload.TYPES);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      JsonNode object = cluster.require(ref);
      Workload workload = Workload.of(ref, object);
      List<String> problems = new Rollout(cluster, ref, context).problems(object);
      List<Detail> details =
          problems.isEmpty()
              ? List.of()
              : List.of(new Detail(Preview.Kind.NOTE, "What is wrong with it now", problems));
      return new Preview(
          "Now " + workload, false, details, new Output(workload, workload.isComplete(), problems));
    }
  }
}
