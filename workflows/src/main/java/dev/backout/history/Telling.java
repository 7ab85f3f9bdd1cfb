package dev.backout.history;

import dev.backout.catalog.Repeatability;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * That somebody outside is told of something.
 *
 * @param channel the notification's name
 * @param ofWorker whether the worker tells them by itself; false where the runbook says so
 * @param about what happened, as a word: {@code waiting}
 * @param eventId by which the receiver knows a repeat
 */
public record Telling(String channel, boolean ofWorker, String about, String eventId)
    implements Comparable<Telling> {
  /** As the events happened; the ids of one run end with numbers. */
  private static final Comparator<Telling> ORDER =
      Comparator.comparingInt((Telling telling) -> telling.eventId().length())
          .thenComparing(Telling::eventId)
          .thenComparing(Telling::channel)
          .thenComparing(Telling::ofWorker);

  /** The type of the activity that tells; its only argument holds these fields. */
  public static final String ACTIVITY = "backout:notify";

  /** The type of the workflow that tells what a run that has ended could no longer. */
  public static final String WORKFLOW = "notification";

  /** What the id of that workflow has behind that of its run; no step can be called so. */
  private static final String ID = "told-";

  private static final Pattern WHOLE_ID = Pattern.compile(".*/" + ID + "[0-9A-Fa-f-]{36}");

  /**
   * The id of that workflow.
   *
   * @param runId of the run's newest history
   */
  public static String workflowId(String workflowId, String runId) {
    return StepPath.childWorkflowId(workflowId, ID + runId);
  }

  /** Whether it is the id of such a workflow, and of no run. */
  public static boolean isIdOf(String workflowId) {
    return WHOLE_ID.matcher(workflowId).matches();
  }

  @Override
  public int compareTo(Telling other) {
    return ORDER.compare(this, other);
  }

  /** Why somebody could not be told, for people. */
  public static String why(Throwable failure) {
    return AttemptFailure.of(failure, Repeatability.SAFE).message();
  }
}
