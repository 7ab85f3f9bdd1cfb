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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the revision to go back to. */
@ActionInfo(
    name = "helm.findRevision",
    summary = "Find the last revision of a Helm release that is known to be good",
    description =
        """
        The newest one to which all of this applies:

        - Helm once came to its end with it. `superseded` alone is no proof: a rollback that fails makes a revision superseded that had
          failed itself.
        - It is not the newest revision, which is the one that is bad, nor one with the same content: a rollback makes a new revision with
          the content of an old one, and is counted as that.
        - It has the chart and application version that are asked for, was made before `before`, and was in place for at least
          `servedFor` until the next one.

        `helm rollback` without a revision goes to the last one, also to one that failed. Give `helm.rollback` what this finds.

        ```yaml
        uses: helm.findRevision
        with: { context: production, namespace: payments, release: poller, servedFor: 10m }
        ```

        The worker needs `helm` 3, and `list` and `get` on secrets in the namespace.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks Helm.")
public final class FindRevision implements Action<FindRevision.Input, FindRevision.Output> {

  public record Input(
      @Doc("The context of the worker's kubeconfig.") String context,
      @Doc("The namespace.") String namespace,
      @Doc("The release's name.") String release,
      @Doc("The chart with its version, as `poller-1.4.0`. Any if absent.") @Nullable String chart,
      @Doc("The version of the application. Any if absent or empty.") @Nullable String appVersion,
      @Doc("Only what was made before this. Anything if absent.") @Nullable Instant before,
      @Doc(
              value = "How long it must have been in place until the next revision.",
              defaultValue = "0s")
          Duration servedFor) {}

  public record Output(
      @Doc("The revision's number.") int revision,
      @Doc("When it was made.") Instant updated,
      @Doc("Its chart with its version.") String chart,
      @Doc("The version of the application in it; empty if the chart says none.") String appVersion,
      @Doc("The number of the newest revision, which is not good.") int newest) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    return find(input, revisions(input, context));
  }

  private static List<Revision> revisions(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    return Release.of(input.context(), input.namespace(), input.release(), context).revisions();
  }

  private static Output find(Input input, List<Revision> revisions) throws ActionException {
    for (int i = revisions.size() - 1; i >= 0; i--) {
      if (objection(input, revisions, i).isEmpty()) {
        Revision found = revisions.get(i);
        return new Output(
            found.revision(),
            found.updated(),
            found.chart(),
            found.appVersion(),
            Release.last(revisions).revision());
      }
    }
    throw new ActionException(
        Kind.PERMANENT,
        "No revision of "
            + input.release()
            + " is known to be good:\n"
            + String.join("\n", verdicts(input, revisions))
            + "\nNothing was changed; choose one yourself and give it to `helm.rollback`, or install the chart with values that are known to be good.");
  }

  private static List<String> verdicts(Input input, List<Revision> revisions) {
    List<String> verdicts = new ArrayList<>();
    for (int i = revisions.size() - 1; i >= 0; i--) {
      verdicts.add(
          revisions.get(i)
              + " "
              + objection(input, revisions, i).map(why -> "is out: " + why).orElse("would do"));
    }
    return verdicts;
  }

  /** Why it is not the one; empty if nothing speaks against it. */
  private static Optional<String> objection(Input input, List<Revision> revisions, int index) {
    Revision revision = revisions.get(index);
    Revision newest = Release.last(revisions);
    if (revision.equals(newest)) {
      return Optional.of("it is the newest");
    }
    if (revision.source() == newest.source()) {
      return Optional.of("it has the content of the newest");
    }
    if (!revision.wasThrough() || !sourceWasThrough(revision, revisions)) {
      return Optional.of("Helm did not come to its end with it");
    }
    String chart = input.chart();
    if (chart != null && !chart.isEmpty() && !chart.equals(revision.chart())) {
      return Optional.of("another chart");
    }
    String appVersion = input.appVersion();
    if (appVersion != null && !appVersion.isEmpty() && !appVersion.equals(revision.appVersion())) {
      return Optional.of("another version of the application");
    }
    if (input.before() != null && !revision.updated().isBefore(input.before())) {
      return Optional.of("it was not made before " + input.before());
    }
    Duration served = Duration.between(revision.updated(), revisions.get(index + 1).updated());
    return served.compareTo(input.servedFor()) < 0
        ? Optional.of("it was in place for " + Durations.print(seconds(served)) + " only")
        : Optional.empty();
  }

  private static Duration seconds(Duration duration) {
    return Duration.ofSeconds(Math.max(0, duration.toSeconds()));
  }

  /** A revision that Helm has forgotten can't speak against what was made from it. */
  private static boolean sourceWasThrough(Revision revision, List<Revision> revisions) {
    return revisions.stream()
        .filter(each -> each.revision() == revision.source())
        .allMatch(Revision::wasThrough);
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    List<Revision> revisions = revisions(input, context);
    Output output = find(input, revisions);
    return new Preview(
        "The last good revision of "
            + input.release()
            + " is "
            + output.revision()
            + " ("
            + output.chart()
            + (output.appVersion().isEmpty() ? "" : ", application " + output.appVersion())
            + ") of "
            + output.updated(),
        false,
        List.of(new Detail(Preview.Kind.NOTE, "Revisions", verdicts(input, revisions))),
        output);
  }
}
