package dev.backout.postmortem;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The paragraph at the top: what is known, and nothing else. */
final class Summary {
  private final RunStatus status;
  private final Report.Impact impact;
  private final List<Report.DecisionLine> decisions;

  Summary(RunStatus status, Report.Impact impact, List<Report.DecisionLine> decisions) {
    this.status = status;
    this.impact = impact;
    this.decisions = decisions;
  }

  String paragraph() {
    List<String> sentences = new ArrayList<>();
    sentences.add(
        status.startedBy()
            + " started the "
            + status.kind()
            + " runbook "
            + status.runbook()
            + " on "
            + status.target()
            + " on "
            + Words.moment(status.startedAt())
            + ".");
    if (status.resumes() != null) {
      sentences.add("It went on from run " + status.resumes() + ".");
    }
    sentences.add(end());
    if (status.canBeGoneOnWith()) {
      sentences.add("`backout resume " + status.runId() + "` goes on from where it stopped.");
    }
    sentences.add(steps());
    if (!decisions.isEmpty()) {
      sentences.add(people());
    }
    if (impact.dataAsOf() != null) {
      sentences.add(impact.data());
    }
    return String.join(" ", sentences);
  }

  private String end() {
    return impact.until() == null
        ? "It has not finished: this report tells it as far as it has come."
        : "It " + ended() + " at " + Words.clock(impact.until()) + " UTC.";
  }

  private String ended() {
    return switch (status.state()) {
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case STOPPED -> "was stopped";
      case UNDONE -> "was taken back, and ended";
      case CANCELLED -> "was cancelled";
      case TERMINATED -> "was terminated from outside";
      case INTERRUPTED -> "was interrupted, and the record ends in the middle,";
      case RUNNING, WAITING -> "was last seen";
    };
  }

  private String steps() {
    Map<StepState, Long> states =
        Steps.leaves(status)
            .collect(
                Collectors.groupingBy(step -> step.state(), TreeMap::new, Collectors.counting()));
    long all = states.values().stream().mapToLong(Long::longValue).sum();
    String each =
        states.entrySet().stream()
            .map(entry -> entry.getValue() + " " + Words.of(entry.getKey()))
            .collect(Collectors.joining(", "));
    return "Of " + Words.count(all, "step") + ", " + each + ".";
  }

  private String people() {
    return decisions.stream()
            .map(
                each ->
                    each.by()
                        + " decided "
                        + each.choice()
                        + " on "
                        + each.step()
                        + (each.verified() ? "" : " (unverified)"))
            .collect(Collectors.joining("; "))
        + ".";
  }
}
