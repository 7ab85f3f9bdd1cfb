package dev.backout.runbook;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step. What is null or empty the runbook doesn't say.
 *
 * @param id unique in the runbook, nested steps included
 * @param idGiven false where the id was made up ({@code step_3}): nothing may refer to it
 * @param when runs only if this holds
 * @param timeout the longest that one attempt may take
 * @param budget what it should take
 * @param expect what must hold over {@code outputs} after it, or it has failed
 * @param runsOn the task queue of the worker
 * @param range the whole step
 */
public record Step(
    Located<String> id,
    boolean idGiven,
    @Nullable Template name,
    Work work,
    @Nullable Expression when,
    @Nullable Located<Duration> timeout,
    @Nullable Located<Duration> budget,
    @Nullable Retry retry,
    @Nullable Located<Rerun> rerun,
    @Nullable Probe probe,
    List<Expression> expect,
    @Nullable Located<OnFailure> onFailure,
    @Nullable ActionCall undo,
    @Nullable Template runsOn,
    SourceRange range) {

  /**
   * @param attempts executions in all, the first included
   * @param interval the wait before the second; null for the default
   */
  public record Retry(Located<Integer> attempts, @Nullable Located<Duration> interval) {}

  /** Whether doing it again is safe, where the action's own word is to be overridden. */
  public enum Rerun {
    SAFE,
    NEVER
  }

  public enum OnFailure {
    ASK,
    STOP,
    CONTINUE,
    UNDO
  }

  /**
   * What tells whether the step has happened.
   *
   * @param expect what holds over the probe's {@code outputs} if it has
   */
  public record Probe(ActionCall call, List<Expression> expect) {}
}
