package dev.backout.action.helm;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes a release out of an operation that was killed. */
@ActionInfo(
    name = "helm.unlock",
    summary = "Take a Helm release out of an operation that was killed in the middle",
    description =
        """
        A release that is left `pending-install`, `pending-upgrade` or `pending-rollback` takes no other operation. This goes back to the last revision
        with which Helm came to its end; where there is none, it takes the release away. What is younger than `olderThan` may still be
        under way, and is left alone. Put a checkpoint before it: that nobody is at it any more only people can know.
        """,
    repeatable = Repeatable.SAFE,
    because = "A release that is not pending is left alone.")
public final class UnlockRelease implements Action<UnlockRelease.Input, UnlockRelease.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The release's name.") String release,
      @Doc(value = "How long it must have been pending.", defaultValue = "10m") Duration olderThan,
      @Doc(value = "How long its pods may take to be ready, or to go.", defaultValue = "5m")
          Duration within) {}

  public record Output(
      @Doc("Whether it was pending.") boolean wasPending,
      @Doc("The revision that it is on; 0 if it was taken away.") int revision) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    List<Revision> revisions = release.revisions();
    Revision newest = Release.last(revisions);
    if (!newest.isPending()) {
      return new Output(false, newest.revision());
    }
    requireOld(newest, input);
    Optional<Revision> last = lastThrough(revisions);
    if (last.isEmpty()) {
      release.uninstall(input.within());
      return new Output(true, 0);
    }
    return new Output(true, release.rollBack(last.get().revision(), input.within()).revision());
  }

  private static void requireOld(Revision newest, Input input) throws ActionException {
    Duration age = Duration.between(newest.updated(), Instant.now());
    if (age.compareTo(input.olderThan()) < 0) {
      throw new ActionException(
          Kind.PERMANENT,
          "Revision "
              + newest
              + " is pending since "
              + newest.updated()
              + ", less than "
              + Durations.print(input.olderThan())
              + " ago: it may still be under way. Nothing was changed; see that nobody is at it, then retry with a smaller `olderThan`.");
    }
  }

  private static Optional<Revision> lastThrough(List<Revision> revisions) {
    return revisions.stream().filter(Revision::wasThrough).reduce((former, later) -> later);
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Release release = Release.of(input.context(), input.namespace(), input.release(), context);
    List<Revision> revisions = release.revisions();
    Revision newest = Release.last(revisions);
    if (!newest.isPending()) {
      return new Preview(
          release + " is not pending: it is " + newest.status(), false, List.of(), null);
    }
    Optional<Revision> last = lastThrough(revisions);
    return new Preview(
        last.map(each -> "Would put " + release + " back on revision " + each)
            .orElse("Would take " + release + " away, which has never been installed to its end"),
        true,
        List.of(
            new Detail(
                Preview.Kind.NOTE,
                "Pending since " + newest.updated(),
                List.of("Revision " + newest))),
        null);
  }
}
