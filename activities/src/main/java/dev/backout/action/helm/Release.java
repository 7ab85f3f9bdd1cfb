package dev.backout.action.helm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Durations;
import dev.backout.action.FirstAttempt;
import dev.backout.action.Manifest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A release and its revisions, in the order in which they were made. */
final class Release {
  private static final long POLL_MILLIS = 500;
  private static final String ALL = "256";
  private static final String FORMER = "former-revision.txt";
  private static final String BEGUN = "begun.txt";
  private static final String ASKED = "asked.txt";

  private final Helm helm;
  private final String name;
  private final ActionContext context;

  private Release(Helm helm, String name, ActionContext context) {
    this.helm = helm;
    this.name = name;
    this.context = context;
  }

  /**
   * @param cluster a context of the worker's kubeconfig
   * @throws ActionException if one of these can't be a name
   */
  static Release of(String cluster, String namespace, String name, ActionContext context)
      throws ActionException {
    Helm helm = new Helm(cluster, namespace, context);
    return new Release(helm, Helm.requireName("release", name), context);
  }

  Helm helm() {
    return helm;
  }

  String name() {
    return name;
  }

  @Override
  public String toString() {
    return name + " in " + helm.place();
  }

  /**
   * @return at least one, the oldest first
   * @throws ActionException if there is no such release
   */
  List<Revision> revisions() throws ActionException, InterruptedException {
    List<Revision> revisions = new ArrayList<>();
    for (JsonNode each : helm.askJson(List.of("history", name, "--max", ALL))) {
      revisions.add(Revision.of(each));
    }
    revisions.sort(Comparator.comparing(Revision::revision));
    return revisions;
  }

  /** The newest revision; empty if there is no such release. */
  Optional<Revision> newest() throws ActionException, InterruptedException {
    try {
      return Optional.of(last(revisions()));
    } catch (ActionException e) {
      if (HelmRefusal.isNoRelease(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static Revision last(List<Revision> revisions) {
    return revisions.get(revisions.size() - 1);
  }

  /**
   * @throws ActionException if the history no longer has it, with those that it has
   */
  static Revision require(int revision, List<Revision> revisions) throws ActionException {
    return revisions.stream()
        .filter(each -> each.revision() == revision)
        .findFirst()
        .orElseThrow(
            () ->
                new ActionException(
                    Kind.PERMANENT,
                    "The release has no revision "
                        + revision
                        + "; it has "
                        + String.join("; ", revisions.stream().map(Revision::toString).toList())
                        + ". Helm keeps the last ten. Nothing was changed; choose one of these, or install the chart with the values that it had."));
  }

  /** Call it first in what changes the release: {@link #former} goes by it. */
  void begin() throws IOException {
    FirstAttempt.mark(BEGUN, context);
  }

  /**
   * The revision that was the newest before the step's first attempt. An attempt on another worker
   * has kept it there.
   *
   * @param newest now
   * @param isByThisStep whether an earlier attempt of the step may have made a revision what it is
   * @return 0 if there was no release, or it was uninstalled
   * @throws ActionException UNKNOWN_OUTCOME if an earlier attempt on another worker may have made
   *     the newest one, and only that worker knows what was before
   */
  int former(Optional<Revision> newest, Predicate<Revision> isByThisStep)
      throws ActionException, IOException {
    if (newest.filter(isByThisStep).isPresent() && mayBeOfAnotherWorker()) {
      FirstAttempt.mark(ASKED, context);
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          "The newest revision of "
              + this
              + " is "
              + newest.get()
              + ", and this worker doesn't know whether an earlier attempt on another worker made it so, and from what. Nothing was changed by this attempt; see `helm history "
              + name
              + "`, then settle the step with `--done --set formerRevision=NUMBER`, or with `--not-done`.");
    }
    int now = newest.filter(Revision::isInstalled).map(Revision::revision).orElse(0);
    return Integer.parseInt(FirstAttempt.found(FORMER, Integer.toString(now), context));
  }

  /** Not if a person has been asked that already, and has had the step done again. */
  private boolean mayBeOfAnotherWorker() throws IOException {
    return !FirstAttempt.isKnown(FORMER, context)
        && !FirstAttempt.all(BEGUN, context)
        && !FirstAttempt.last(ASKED, context);
  }

  /**
   * Waits for an operation that is under way: of a worker that was killed, helm itself goes on.
   *
   * @throws ActionException if it does not end in time
   */
  Optional<Revision> awaitQuiet(Duration within) throws ActionException, InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    Optional<Revision> newest = newest();
    while (newest.isPresent() && newest.get().isPending()) {
      if (System.nanoTime() > deadline) {
        throw new ActionException(
            Kind.PERMANENT,
            "Release "
                + this
                + " is "
                + newest.get().status()
                + " since "
                + newest.get().updated()
                + ", and was still after "
                + Durations.print(within)
                + ". Nothing was changed; if nothing is under way any more, take it out of it with `helm.unlock`, then retry.");
      }
      context.heartbeat("waiting for what goes on with " + name);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      newest = newest();
    }
    return newest;
  }

  /** The objects of a revision, as they are. */
  List<JsonNode> manifest(int revision) throws ActionException, InterruptedException {
    return Manifest.read(
        helm.ask(List.of("get", "manifest", name, "--revision", Integer.toString(revision))));
  }

  /**
   * Goes to a revision and sees that it is there.
   *
   * @return the revision that this made
   */
  Revision rollBack(int revision, Duration within)
      throws ActionException, IOException, InterruptedException {
    helm.act(List.of("rollback", name, Integer.toString(revision)), within, "rollback.txt");
    Revision newest = last(revisions());
    if (!newest.isDeployed() || newest.source() != revision) {
      throw new ActionException(
          Kind.TRANSIENT,
          "helm went back to revision "
              + revision
              + ", and the newest revision of "
              + this
              + " is "
              + newest
              + ": somebody else is at it at the same time. Find out who, then retry.");
    }
    return newest;
  }

  /** Takes its objects away. Its revisions stay, so that it can be gone back to. */
  void uninstall(Duration within) throws ActionException, IOException, InterruptedException {
    helm.act(List.of("uninstall", name, "--keep-history"), within, "uninstall.txt");
  }
}
