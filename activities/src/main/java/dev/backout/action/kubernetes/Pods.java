package dev.backout.action.kubernetes;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.util.ArrayList;
import java.util.List;

/** Says which pods there are. */
@ActionInfo(
    name = "kubernetes.pods",
    summary = "Say which pods of a namespace there are, and how they do",
    description =
        """
        Nothing that is found fails the step: say with `expect`, or with `wait` and `until`, what has to hold.

        ```yaml
        wait:
          uses: kubernetes.pods
          with: { context: production, namespace: payments, labels: app=poller }
          until: outputs.total > 0 && outputs.allReady && outputs.restarts == 0
        ```

        The worker needs `list` on pods.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks the API server.")
public final class Pods implements Action<Pods.Input, Pods.Output> {
  private static final int MOST_SHOWN = 50;

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc(
              value =
                  "A label selector, such as `app=poller` or `app in (poller, webhook)`. All pods if empty.",
              defaultValue = "\"\"")
          String labels) {}

  public record Output(
      @Doc("The pods, by name, without those that have come to their end.") List<PodState> pods,
      @Doc("How many these are, those that are leaving too.") int total,
      @Doc("How many of them are ready.") int ready,
      @Doc("Whether all of them are; true also if there is none.") boolean allReady,
      @Doc("How often their containers have been restarted, in all.") int restarts) {

    static Output of(List<PodState> all) {
      List<PodState> pods = all.stream().filter(each -> !each.isOver()).toList();
      int ready = (int) pods.stream().filter(PodState::ready).count();
      return new Output(
          pods,
          pods.size(),
          ready,
          ready == pods.size(),
          pods.stream().mapToInt(PodState::restarts).sum());
    }
  }

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      return Output.of(PodState.list(cluster, input.labels()));
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Output output = run(input, context);
    return new Preview(
        output.ready() + " of " + output.total() + " pods are ready",
        false,
        List.of(table(output.pods())),
        output);
  }

  static Detail table(List<PodState> pods) {
    List<String> rows = new ArrayList<>(List.of("pod\tphase\tready\trestarts\timage\twhy not"));
    pods.stream()
        .limit(MOST_SHOWN)
        .map(
            each ->
                String.join(
                    "\t",
                    each.name(),
                    each.phase(),
                    each.ready() ? "yes" : "no",
                    Integer.toString(each.restarts()),
                    String.join(", ", each.images()),
                    each.reason() == null ? "" : each.reason()))
        .forEach(rows::add);
    String title =
        pods.size() > MOST_SHOWN
            ? "The first " + MOST_SHOWN + " of " + pods.size() + " pods"
            : "Pods";
    return new Detail(Preview.Kind.TABLE, title, rows);
  }
}
