package dev.backout.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunEvent;
import dev.backout.plan.Json;
import dev.backout.workflow.NewestHistory;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One of several histories of a long run, between the one before it and the one after. */
final class Sequel {
  private final WorkflowExecutionHistory history;
  private final @Nullable WorkflowExecutionHistory earlier;
  private final String next;
  private final boolean hasNext;

  /**
   * @param all those at hand, by Temporal's id of each
   */
  Sequel(WorkflowExecutionHistory history, Map<String, WorkflowExecutionHistory> all) {
    this.history = history;
    this.earlier = all.get(RunCheck.continued(history));
    this.next = NewestHistory.next(history.getEvents());
    this.hasNext = all.containsKey(next);
  }

  boolean hasEarlier() {
    return earlier != null;
  }

  boolean hasNext() {
    return hasNext;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (!RunCheck.isFirst(history)) {
      findings.add(earlier == null ? withoutEarlier() : comparedWith(earlier));
    }
    if (!next.isEmpty() && !hasNext) {
      findings.add(
          record(
              Verdict.UNCHECKED,
              "The run is so long that it went on in a new history, "
                  + next
                  + ", which is not among these: give its export too."));
    }
    return findings;
  }

  private Finding withoutEarlier() {
    return record(
        Verdict.UNCHECKED,
        "The run is so long that it went on here from an earlier history, "
            + RunCheck.continued(history)
            + ", which is not among these. Who started it and the decisions there are checked by what"
            + " the run has taken along with their signatures; what was refused there, and whether"
            + " something was left out, is not. As long as the server keeps it, `temporal workflow"
            + " show --output json` exports it: give that file too.");
  }

  /**
   * What it took along must be what happened there: of each step the same things in the same order.
   * In which order steps beside each other came to their turn is another matter.
   */
  private Finding comparedWith(WorkflowExecutionHistory former) {
    HistoryReader reader = new HistoryReader(Payloads.CONVERTER);
    Map<String, List<String>> told = essence(reader.earlier(history));
    Map<String, List<String>> happened = essence(reader.events(former));
    Set<String> steps = new LinkedHashSet<>(told.keySet());
    steps.addAll(happened.keySet());
    for (String step : steps) {
      List<String> here = told.getOrDefault(step, List.of());
      List<String> there = happened.getOrDefault(step, List.of());
      if (!here.equals(there)) {
        return differing(step, here, there);
      }
    }
    return record(
        Verdict.PROVEN,
        "What the run has taken along is what its earlier history, "
            + RunCheck.continued(history)
            + ", says.");
  }

  private static Finding differing(String step, List<String> here, List<String> there) {
    int at = 0;
    while (at < here.size() && at < there.size() && here.get(at).equals(there.get(at))) {
      at++;
    }
    return Finding.of(
        Finding.Subject.RECORD,
        Verdict.ALTERED,
        step,
        "What the run has taken along from its earlier history is not what that one says: "
            + (at < here.size() ? Telling.quoted(here.get(at)) : "nothing")
            + " stands here, and "
            + (at < there.size() ? Telling.quoted(there.get(at)) : "nothing")
            + " there.");
  }

  /**
   * By step, what concerns the run as a whole under no name. Without the moment, which the one
   * reads on the workflow's clock and the other on the server's, and without what only the server
   * knows.
   */
  private static Map<String, List<String>> essence(List<RunEvent> events) {
    Map<String, List<String>> essence = new LinkedHashMap<>();
    for (RunEvent event : events) {
      ObjectNode tree = Json.MAPPER.valueToTree(event);
      tree.remove("at");
      if (tree.path("decision") instanceof ObjectNode decision) {
        decision.remove("sentBy");
      }
      String step = event instanceof RunEvent.OfStep of ? of.step() : "";
      essence.computeIfAbsent(step, name -> new ArrayList<>()).add(Json.canonical(tree));
    }
    return essence;
  }

  private static Finding record(Verdict verdict, String remark) {
    return Finding.of(Finding.Subject.RECORD, verdict, null, remark);
  }
}
