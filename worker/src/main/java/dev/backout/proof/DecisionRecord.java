package dev.backout.proof;

import dev.backout.history.RunEvent;
import dev.backout.workflow.Decision;
import dev.backout.workflow.DecisionStatement;
import dev.backout.workflow.JudgeRequest;
import dev.backout.workflow.Judgement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One decision on its way through a history: sent, judged, counted. What isn't there is null; a
 * decision that was sent again after it had been refused is another one.
 */
final class DecisionRecord {
  final String id;

  @Nullable Decision sent;
  long sentIn;
  String channel = "";

  @Nullable JudgeRequest asked;
  @Nullable DecisionStatement rebuilt;
  @Nullable JudgeRequest askedAgain;
  @Nullable Instant judgedAt;
  long askedIn;
  @Nullable Judgement judged;
  long judgedIn;
  boolean notJudged;

  RunEvent.@Nullable Decided counted;
  RunEvent.@Nullable Withdrawn withdrawn;
  long countedIn;
  boolean refused;

  /** Whether the workflow has had its turn since; else what follows may still be to come. */
  boolean passed;

  DecisionRecord(String id) {
    this.id = id;
  }

  boolean hasCounted() {
    return counted != null || withdrawn != null;
  }

  /**
   * @param number 0 for what a run has taken along from an earlier history
   */
  static String event(long number, String what) {
    return place(number) + " (" + what + ")";
  }

  static String place(long number) {
    return number == 0 ? "what the run has taken along" : "event " + number;
  }
}
