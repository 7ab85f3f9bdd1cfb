package dev.backout.action.helm;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Goes back to a revision of a release. */
@ActionInfo(
    name = "helm.rollback",
    summary = "Put a Helm release back on a revision, and wait until its pods are ready",
    description =
        """
        The revision is always named: `helm.findRevision` finds the last good one. The preview is the difference between what the newest
        revision and the wanted one ask of Kubernetes, object by object, without what Secrets hold. Where another operation is under way, such as that
        of a worker that was killed, it is waited for.

        ```yaml
        uses: helm.rollback
        with:
          context: production
          namespace: payments
          release: poller
          revision: "${{ steps.good.outputs.revision }}"
        undo:
          uses: helm.putBack
          with:
            context: production
            namespace: payments
            release: poller
            former: "${{ outputs.formerRevision }}"
        ```

        The worker needs `helm` 3, and what rights the chart's objects need.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "The revision is named, so a repetition puts back the same; it only makes one more revision.")
public final class RollBack implements Action<RollBack.Input, RollBack.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The release's name.") String release,
      @Doc("The revision to go to.") int revision,
      @Doc(value = "How long its pods may take to be ready.", defaultValue = "5m")
          Duration within) {}

  public record Output(
      @Doc("The revision that this made, with the content of the wanted one.") int revision,
      @Doc("The newest revision before this step; 0 if the release was uninstalled.")
          int formerRevision) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    release.begin();
    Revision unused = Release.require(input.revision(), release.revisions());
    int former =
        release.former(
            release.awaitQuiet(input.within()),
            newest -> newest.source() == input.revision() && newest.revision() != input.revision());
    return new Output(release.rollBack(input.revision(), input.within()).revision(), former);
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    List<Revision> revisions = release.revisions();
    Revision target = Release.require(input.revision(), revisions);
    Revision newest = Release.last(revisions);
    List<Detail> details = new ArrayList<>();
    if (newest.isPending()) {
      details.add(
          new Detail(
              Preview.Kind.PROBLEM,
              "Another operation",
              List.of("The release is " + newest.status() + " since " + newest.updated() + ".")));
    }
    if (!target.wasThrough()) {
      details.add(
          new Detail(
              Preview.Kind.PROBLEM,
              "The revision",
              List.of("Helm did not come to its end with revision " + target + ".")));
    }
    List<Detail> differences =
        ManifestDiff.of(
            release.manifest(newest.revision()), release.manifest(target.revision()), context);
    details.addAll(differences);
    return new Preview(
        "Would put "
            + release
            + " back from revision "
            + newest.revision()
            + " ("
            + newest.chart()
            + ") to "
            + target.revision()
            + " ("
            + target.chart()
            + ")"
            + (differences.isEmpty() ? "; they ask the same of Kubernetes" : ""),
        true,
        details,
        null);
  }
}
