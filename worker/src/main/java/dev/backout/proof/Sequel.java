package dev.backout.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunEvent;
import dev.backout.plan.Json;
import dev.backout.workflow.NewestHistory;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** What it took along must be what happened there. */
  private Finding comparedWith(WorkflowExecutionHistory former) {
    HistoryReader reader = new HistoryReader(Payloads.CONVERTER);
    List<RunEvent> told = reader.earlier(history);
    List<RunEvent> happened = reader.events(former);
    for (int i = 0; i < Math.max(told.size(), happened.size()); i++) {
      JsonNode one = i < told.size() ? essence(told.get(i)) : null;
      JsonNode other = i < happened.size() ? essence(happened.get(i)) : null;
      if (one == null || !one.equals(other)) {
        return record(
            Verdict.ALTERED,
            "What the run has taken along from its earlier history is not what that one says: "
                + quoted(one)
                + " stands here, and "
                + quoted(other)
                + " there.");
      }
    }
    return record(
        Verdict.PROVEN,
        "What the run has taken along is what its earlier history, "
            + RunCheck.continued(history)
            + ", says.");
  }

  /**
   * Without the moment, which the one reads on the workflow's clock and the other on the server's,
   * and without what only the server knows.
   */
  private static JsonNode essence(RunEvent event) {
    ObjectNode tree = Json.MAPPER.valueToTree(event);
    tree.remove("at");
    if (tree.path("decision") instanceof ObjectNode decision) {
      decision.remove("sentBy");
    }
    return tree;
  }

  private static String quoted(@Nullable JsonNode event) {
    return event == null ? "nothing" : Telling.quoted(event);
  }

  private static Finding record(Verdict verdict, String remark) {
    return Finding.of(Finding.Subject.RECORD, verdict, null, remark);
  }
}
