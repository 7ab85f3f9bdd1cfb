package dev.backout.workflow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Another run holds the target. The fields say what is known of it; null where the server didn't
 * tell.
 */
public final class TargetHeldException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String target;
  private final @Nullable String runbook;
  private final @Nullable String runId;
  private final @Nullable Instant since;
  private final @Nullable String startedBy;

  TargetHeldException(
      String target,
      @Nullable String runbook,
      @Nullable String runId,
      @Nullable Instant since,
      @Nullable String startedBy) {
    super(
        "The target `"
            + target
            + "` is held by a run of "
            + (runbook == null ? "another runbook" : "`" + runbook + "`")
            + (since == null ? "" : " that was started at " + since)
            + (startedBy == null ? "" : " by " + startedBy)
            + ". Wait for it or stop it"
            + (runId == null ? "." : ": its run id is " + runId + "."));
    this.target = target;
    this.runbook = runbook;
    this.runId = runId;
    this.since = since;
    this.startedBy = startedBy;
  }

  public String target() {
    return target;
  }

  public @Nullable String runbook() {
    return runbook;
  }

  public @Nullable String runId() {
    return runId;
  }

  public @Nullable Instant since() {
    return since;
  }

  public @Nullable String startedBy() {
    return startedBy;
  }
}
