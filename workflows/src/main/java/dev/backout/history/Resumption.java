package dev.backout.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus.TakenDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run takes over from a former one of the same target, which stopped on its way. It is what
 * the one who starts the run says of that; what of it counts is the workflow's business.
 *
 * @param runId the former run's; of a child runbook, that of its former run, null if there is none
 *     that is known
 * @param steps what became of the steps, by their path
 * @param lists what each {@code each} that had begun goes through, by its path
 * @param children of child runbooks that had begun, by their step's path
 * @param undo what of child runbooks that had ended could be taken back, by their step's path
 * @param lost what the record of former runs may lack; null if it is whole
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Resumption(
    @Nullable String runId,
    Map<String, Former> steps,
    Map<String, List<JsonNode>> lists,
    Map<String, Resumption> children,
    Map<String, UndoPlan> undo,
    @Nullable Lost lost) {

  public Resumption {
    steps = steps == null ? Map.of() : steps;
    lists = lists == null ? Map.of() : lists;
    children = children == null ? Map.of() : children;
    undo = undo == null ? Map.of() : undo;
  }

  /** What became of a step. */
  public enum How {
    DONE,
    /** A gate that was opened. */
    APPROVED,
    /** Somebody decided to go on without it, or the runbook did when it had failed. */
    SKIPPED,
    FAILED,
    IN_DOUBT
  }

  /**
   * A step as a former run left it.
   *
   * @param runId in which it was carried out
   * @param attempt the last, counted from 1
   * @param facts of a gate, the hash of what was shown to whoever opened it
   */
  public record Former(
      String runId,
      String name,
      How how,
      int attempt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode outputs,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TakenDecision> decisions,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String facts) {

    public Former {
      decisions = decisions == null ? List.of() : decisions;
    }
  }

  /**
   * That former runs have gone on after their record ends, nobody knows how far.
   *
   * @param runs those of them that are known, the oldest first
   * @param since when the first of them began
   * @param others whether there may be more of them: of a child runbook, whose calls the record of
   *     the run that called it may lack
   * @param journal the one that every worker wrote which had a part in them, so that what it has no
   *     note of has not begun; null if there is none
   */
  public record Lost(List<String> runs, Instant since, boolean others, @Nullable String journal) {
    public Lost {
      runs = runs == null ? List.of() : runs;
    }
  }

  /** The same, of runs that have gone on after their record ends. */
  public Resumption losing(Lost more) {
    Map<String, Resumption> below = new LinkedHashMap<>();
    children.forEach(
        (path, child) ->
            below.put(
                path, child.losing(new Lost(own(child), more.since(), true, more.journal()))));
    return new Resumption(runId, steps, lists, below, undo, more);
  }

  private static List<String> own(Resumption child) {
    return child.lost() == null ? List.of() : child.lost().runs();
  }

  /** With what a later run has lost, which had taken all of this over. */
  Resumption and(Resumption later) {
    Lost own = lost;
    Lost more = later.lost();
    if (own == null || more == null) {
      return new Resumption(runId, steps, lists, children, undo, own == null ? more : own);
    }
    List<String> runs = new ArrayList<>(own.runs());
    runs.addAll(more.runs());
    Lost both = new Lost(runs, own.since(), own.others() || more.others(), own.journal());
    return new Resumption(runId, steps, lists, children, undo, both);
  }

  /** Of a child runbook that may have begun, where no record says so. */
  public static Resumption unseen(Lost above) {
    return lost(null, new Lost(List.of(), above.since(), true, above.journal()));
  }

  /** Of a child runbook of which nothing is left but that it began. */
  static Resumption begun(String runId, Instant since) {
    return lost(runId, new Lost(List.of(runId), since, false, null));
  }

  private static Resumption lost(@Nullable String runId, Lost lost) {
    return new Resumption(runId, Map.of(), Map.of(), Map.of(), Map.of(), lost);
  }
}
