package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gives keys of a Secret other values. */
@ActionInfo(
    name = "kubernetes.patchSecret",
    summary = "Give keys of a Secret other values, and say who reads it",
    description =
        """
        For keys that are in wrong hands. The values are references, `secret:NAME`, which the worker finds when it writes them: they are in no
        plan, history or evidence, and no copy of the former ones is kept. The other keys stay. There is no undo: a key that was
        revoked is good for nothing.

        Which deployments and stateful sets read the Secret, by a variable or a file, is in the outputs. Their pods read it when they
        start:

        ```yaml
        - id: secret
          uses: kubernetes.patchSecret
          with:
            context: production
            namespace: payments
            secret: exchange
            set: { apiKey: "secret:EXCHANGE_API_KEY_NEW" }
        - id: restart
          each:
            in: steps.secret.outputs.users
            as: workload
            steps:
              - id: anew
                uses: kubernetes.rolloutRestart
                with: { context: production, namespace: payments, workload: "${{ workload }}" }
        ```

        Daemon sets, jobs and what is no workload are not looked at. The worker needs `get` and `patch` on secrets, and `list` on deployments and
        stateful sets.
        """,
    repeatable = Repeatable.SAFE,
    because = "A value that is there already isn't written again.")
public final class PatchSecret implements Action<PatchSecret.Input, PatchSecret.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The Secret's name.") String secret,
      @Doc("The keys to set, each with a reference to its value: `secret:NAME`.")
          Map<String, TextOrSecret> set) {}

  public record Output(
      @Doc("The keys that got another value.") List<String> changed,
      @Doc("Who reads the Secret, as `deployment/poller`.") List<String> users) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Map<String, String> wanted = wanted(input, context);
    Ref ref = ref(input);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      List<String> different = different(cluster.require(ref), wanted);
      if (!different.isEmpty()) {
        var unused = cluster.patch(ref, null, patch(wanted), Mark.of(context.call()), false);
      }
      return new Output(different, SecretUsers.of(input.secret(), cluster));
    }
  }

  private static Ref ref(Input input) throws ActionException {
    return Ref.parse(Type.SECRET.word() + "/" + input.secret(), List.of(Type.SECRET));
  }

  /** As they stand in a Secret: base64. */
  private static Map<String, String> wanted(Input input, ActionContext context)
      throws ActionException {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (Map.Entry<String, TextOrSecret> each : input.set().entrySet()) {
      if (!each.getValue().text().startsWith("secret:")) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            "The value of "
                + each.getKey()
                + " stands in the runbook itself, and so in every record of the run. Nothing was changed; give the worker the secret, write `secret:NAME` there, and take what was written for known to others.");
      }
      byte[] value = context.reveal(each.getValue().text()).getBytes(StandardCharsets.UTF_8);
      wanted.put(each.getKey(), Base64.getEncoder().encodeToString(value));
    }
    wanted.values().forEach(context::conceal);
    return wanted;
  }

  private static List<String> different(JsonNode object, Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .filter(
            each -> !each.getValue().equals(object.path("data").path(each.getKey()).asText(null)))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static JsonNode patch(Map<String, String> wanted) {
    return Cluster.JSON.valueToTree(Map.of("data", wanted));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Ref ref = ref(input);
    try (Cluster cluster = Cluster.open(input.context(), input.namespace(), context)) {
      JsonNode object = cluster.require(ref);
      List<String> users = SecretUsers.of(input.secret(), cluster);
      Detail readers = new Detail(Preview.Kind.NOTE, "Who reads it", users);
      Map<String, String> wanted;
      try {
        wanted = wanted(input, context);
      } catch (ActionException e) {
        // Before the rotation the new value needn't be there.
        return new Preview(
            "Would change " + String.join(", ", input.set().keySet()) + " in " + ref,
            true,
            List.of(
                readers,
                new Detail(Preview.Kind.PROBLEM, "As things are now", List.of(e.getMessage()))),
            null);
      }
      List<String> different = different(object, wanted);
      if (different.isEmpty()) {
        return new Preview(ref + " holds these values already", false, List.of(readers), null);
      }
      var unused = cluster.patch(ref, null, patch(wanted), Mark.of(context.call()), true);
      return new Preview(
          "Would change " + String.join(", ", different) + " in " + ref + " in " + cluster.place(),
          true,
          List.of(readers),
          null);
    }
  }
}
