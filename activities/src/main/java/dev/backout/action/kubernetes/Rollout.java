package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Waits until a workload is as it should be, and says why it isn't. */
final class Rollout {
  private static final long POLL_MILLIS = 100;
  private static final int MOST_SHOWN = 10;

  private final Cluster cluster;
  private final Ref ref;
  private final ActionContext context;

  Rollout(Cluster cluster, Ref ref, ActionContext context) {
    this.cluster = cluster;
    this.ref = ref;
    this.context = context;
  }

  /**
   * Also until no pod that it no longer wants is left. An API server that goes away meanwhile is
   * asked again for as long as there is time.
   *
   * @param done what is true already, for people, should the waiting be in vain
   * @throws ActionException with what keeps its pods from being ready
   */
  Workload await(Duration within, String done) throws ActionException, InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    ActionException away = null;
    JsonNode object = null;
    while (true) {
      try {
        object = cluster.require(ref);
        away = null;
        Workload workload = Workload.of(ref, object);
        context.heartbeat(workload.toString());
        if (workload.isComplete() && leaving(object).isEmpty()) {
          return workload;
        }
        if (gaveUp(object)) {
          throw failed(object, " has given up", done);
        }
      } catch (ActionException e) {
        if (e.kind() != Kind.TRANSIENT) {
          throw e;
        }
        away = e;
        context.heartbeat(e.getMessage());
      }
      if (System.nanoTime() > deadline) {
        throw late(object, away, within, done);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private ActionException late(
      @org.jspecify.annotations.Nullable JsonNode object,
      @org.jspecify.annotations.Nullable ActionException away,
      Duration within,
      String done)
      throws ActionException, InterruptedException {
    if (away != null || object == null) {
      return new ActionException(
          Kind.TRANSIENT,
          done
              + " How "
              + ref
              + " does since then is not known: "
              + (away == null ? "it was not seen." : away.getMessage()));
    }
    return failed(object, " is not as it should be after " + Durations.print(within), done);
  }

  private static boolean gaveUp(JsonNode object) {
    JsonNode progress = PodState.condition(object.path("status"), "Progressing");
    boolean seen =
        object.path("status").path("observedGeneration").asLong()
            >= object.path("metadata").path("generation").asLong();
    return seen && progress.path("reason").asText().equals("ProgressDeadlineExceeded");
  }

  private List<PodState> leaving(JsonNode object) throws ActionException, InterruptedException {
    return PodState.list(cluster, Workload.selector(object)).stream()
        .filter(PodState::isLeaving)
        .toList();
  }

  private ActionException failed(JsonNode object, String what, String done)
      throws ActionException, InterruptedException {
    StringBuilder text = new StringBuilder(done).append(' ').append(Workload.of(ref, object));
    text.insert(0, ref + what + ". ");
    text.append('.');
    problems(object).forEach(each -> text.append('\n').append(each));
    text.append("\nMend what keeps the pods from it, then retry, which goes on waiting.");
    return new ActionException(Kind.PERMANENT, text.toString());
  }

  /** What is wrong with it, for people; empty if nothing is. */
  List<String> problems(JsonNode object) throws ActionException, InterruptedException {
    List<String> problems = new ArrayList<>();
    for (String type : List.of("Progressing", "Available", "ReplicaFailure")) {
      JsonNode condition = PodState.condition(object.path("status"), type);
      boolean bad =
          condition
              .path("status")
              .asText()
              .equals(type.equals("ReplicaFailure") ? "True" : "False");
      if (bad) {
        problems.add(condition.path("reason").asText() + ": " + condition.path("message").asText());
      }
    }
    List<PodState> pods =
        PodState.list(cluster, Workload.selector(object)).stream()
            .filter(each -> !each.ready() && !each.isOver())
            .toList();
    pods.stream().limit(MOST_SHOWN).forEach(each -> problems.add("Pod " + each));
    if (pods.size() > MOST_SHOWN) {
      problems.add("and " + (pods.size() - MOST_SHOWN) + " more pods that are not ready");
    }
    return problems;
  }
}
