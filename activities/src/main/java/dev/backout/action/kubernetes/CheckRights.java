package dev.backout.action.kubernetes;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.kubernetes.Cluster.Right;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fails where a right is missing that a later step will need. */
@ActionInfo(
    name = "kubernetes.rights",
    summary = "See that the worker has the rights that the steps to come need",
    description =
        """
        Asks the API server itself (a SelfSubjectAccessReview for each), so that a right that is missing shows before anything is
        touched. For `preflight`:

        ```yaml
        uses: kubernetes.rights
        with:
          context: production
          namespace: payments
          rights: [get deployments, get deployments/scale, patch deployments/scale, list pods]
        ```
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks the API server.")
public final class CheckRights implements Action<CheckRights.Input, CheckRights.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc(
              "Each as `VERB RESOURCE`, where the resource is `pods`, `deployments/scale`, or `certificates.cert-manager.io` with its group.")
          List<String> rights) {}

  public record Output(@Doc("The rights, with each resource's group.") List<String> rights) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    List<Right> rights = new ArrayList<>();
    for (String each : input.rights()) {
      rights.add(right(each));
    }
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      List<String> missing = new ArrayList<>();
      for (Right right : rights) {
        if (!cluster.may(right)) {
          missing.add(right.toString());
        }
      }
      if (!missing.isEmpty()) {
        throw new ActionException(
            Kind.PERMANENT,
            "The worker may not "
                + String.join(", nor ", missing)
                + " in "
                + cluster.place()
                + ". Nothing was changed; let an administrator allow it with a Role, then retry.");
      }
    }
    return new Output(rights.stream().map(Right::toString).toList());
  }

  private static Right right(String text) throws ActionException {
    String[] words = text.strip().split("\\s+");
    if (words.length != 2) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "'"
              + text
              + "' is no right: expected a verb and a resource, such as `patch deployments/scale`. Nothing was changed; correct `rights`.");
    }
    String[] parts = words[1].split("/", 2);
    Optional<Type> known = parts[0].contains(".") ? Optional.empty() : Type.of(parts[0]);
    String resource = known.map(Type::qualified).orElse(parts[0]);
    return new Right(words[0], resource + (parts.length == 2 ? "/" + parts[1] : ""));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Output output = run(input, context);
    return new Preview(
        "The worker may " + String.join(", ", output.rights()), false, List.of(), output);
  }
}
