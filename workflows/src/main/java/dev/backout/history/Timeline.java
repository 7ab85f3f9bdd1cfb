package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened in a run, oldest first, with the final status and the objectives. */
public record Timeline(RunStatus status, List<Entry> entries, List<Objective> objectives) {

  /** With what happened in the former run that this one goes on from. */
  public Timeline after(Timeline former) {
    List<Entry> all = new ArrayList<>(former.entries());
    all.addAll(entries);
    return new Timeline(status, List.copyOf(all), objectives);
  }

  /** When the first thing happened, maybe in a former run. */
  public Instant begin() {
    return entries.isEmpty() ? status.startedAt() : entries.get(0).at();
  }

  /**
   * One thing that happened.
   *
   * @param step the step's path; null for what concerns the run as a whole
   * @param text one sentence for people
   * @param took how long what ends here took; null where nothing ends
   * @param data what machines may want besides: outputs, inputs, failure details; secrets are never
   *     in it
   */
  @RecordBuilder
  public record Entry(
      Instant at,
      Type type,
      @Nullable String step,
      String text,
      @Nullable Duration took,
      @Nullable JsonNode data)
      implements TimelineEntryBuilder.With {}

  public enum Type {
    RUN_STARTED,
    ADMISSION,
    STEP_STARTED,
    STEP_DONE,
    STEP_FAILED,
    STEP_SKIPPED,
    STEP_TAKEN_OVER,
    STEP_IN_DOUBT,
    DOUBT_EXAMINED,
    RETRYING,
    WAITING,
    DECISION,
    REMINDED,
    ESCALATED,
    OVER_BUDGET,
    OBJECTIVE_AT_RISK,
    TOLD,
    NOT_TOLD,
    UNDO_STARTED,
    RUN_FINISHED
  }

  /**
   * An objective and what came of it.
   *
   * @param name {@code RTO} or {@code RPO}
   * @param actual what it was, or is so far; null where nothing tells
   * @param met null while it is open
   */
  public record Objective(
      String name,
      Duration limit,
      @Nullable Duration actual,
      @Nullable Boolean met,
      String explanation) {}
}
