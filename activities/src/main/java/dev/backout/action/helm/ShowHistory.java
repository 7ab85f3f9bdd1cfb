package dev.backout.action.helm;

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

/** Says which revisions a release has. */
@ActionInfo(
    name = "helm.history",
    summary = "Say which revisions a Helm release has, and which one it is on",
    description =
        """
        ```yaml
        uses: helm.history
        with: { context: production, namespace: payments, release: poller }
        expect: outputs.status == 'deployed'
        ```

        The worker needs `helm` 3, and `list` and `get` on secrets in the namespace, where Helm keeps its releases.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks Helm.")
public final class ShowHistory implements Action<ShowHistory.Input, ShowHistory.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The release's name.") String release) {}

  public record Output(
      @Doc("The revisions that Helm still has, the oldest first.") List<Revision> revisions,
      @Doc("The newest one's number.") int newest,
      @Doc("The newest one's status.") String status,
      @Doc("The newest one's chart with its version.") String chart,
      @Doc("The version of the application in it; empty if the chart says none.")
          String appVersion) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    List<Revision> revisions =
        Release.of(input.context(), input.namespace(), input.release(), context).revisions();
    Revision newest = Release.last(revisions);
    return new Output(
        revisions, newest.revision(), newest.status(), newest.chart(), newest.appVersion());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Output output = run(input, context);
    return new Preview(
        input.release() + " is on revision " + output.newest() + ", " + output.status(),
        false,
        List.of(table(output.revisions())),
        output);
  }

  static Detail table(List<Revision> revisions) {
    List<String> rows =
        new ArrayList<>(List.of("revision\tmade\tstatus\tchart\tapplication\tHelm says"));
    revisions.forEach(
        each ->
            rows.add(
                String.join(
                    "\t",
                    Integer.toString(each.revision()),
                    each.updated().toString(),
                    each.status(),
                    each.chart(),
                    each.appVersion(),
                    each.description())));
    return new Detail(Preview.Kind.TABLE, "Revisions", rows);
  }
}
