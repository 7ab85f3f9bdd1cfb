package dev.backout.action.helm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes back what was done to a release. */
@ActionInfo(
    name = "helm.putBack",
    summary =
        "Put a Helm release back on the revision that it was on, or take it away if there was none",
    description =
        """
        The `undo` of `helm.rollback`, `helm.upgradeInstall` and `helm.uninstall`, which all give `formerRevision`. A release that is back
        already is left alone.
        """,
    repeatable = Repeatable.SAFE,
    because = "What is back already is left alone, and the revision is named.")
public final class PutBackRelease implements Action<PutBackRelease.Input, PutBackRelease.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The release's name.") String release,
      @Doc("The revision that it was on; 0 if there was none.") int former,
      @Doc(value = "How long its pods may take to be ready, or to go.", defaultValue = "5m")
          Duration within) {}

  public record Output(
      @Doc("The newest revision afterwards; 0 if there is none.") int revision,
      @Doc("Whether anything was changed.") boolean changed) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    Optional<Revision> newest = release.awaitQuiet(input.within());
    if (isBack(input, newest, release)) {
      return new Output(newest.map(Revision::revision).orElse(0), false);
    }
    if (input.former() == 0) {
      release.uninstall(input.within());
      return new Output(0, true);
    }
    Revision unused = Release.require(input.former(), release.revisions());
    return new Output(release.rollBack(input.former(), input.within()).revision(), true);
  }

  private static boolean isBack(Input input, Optional<Revision> newest, Release release)
      throws ActionException, InterruptedException {
    if (newest.filter(Revision::isInstalled).isEmpty()) {
      return input.former() == 0;
    }
    return newest.get().isDeployed()
        && input.former() != 0
        && newest.get().source() == source(input.former(), release.revisions());
  }

  private static int source(int revision, List<Revision> revisions) {
    return revisions.stream()
        .filter(each -> each.revision() == revision)
        .mapToInt(Revision::source)
        .findFirst()
        .orElse(revision);
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    Optional<Revision> newest = release.newest();
    if (isBack(input, newest, release)) {
      return new Preview(release + " is as it was", false, List.of(), null);
    }
    if (input.former() == 0) {
      return new Preview(
          "Would uninstall " + release,
          true,
          ManifestDiff.of(release.manifest(newest.orElseThrow().revision()), List.of(), context),
          null);
    }
    Revision former = Release.require(input.former(), release.revisions());
    List<JsonNode> now =
        newest.filter(Revision::isInstalled).isEmpty()
            ? List.of()
            : release.manifest(newest.get().revision());
    return new Preview(
        "Would put " + release + " back on revision " + former,
        true,
        ManifestDiff.of(now, release.manifest(former.revision()), context),
        null);
  }
}
