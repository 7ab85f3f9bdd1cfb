package dev.backout.client;

import dev.backout.archive.RunSummary;
import java.time.Duration;
import java.time.Instant;

/** The target has a run already; the message names it, its runbook and its age. */
public final class TargetHeldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient RunSummary holder;

  TargetHeldException(RunSummary holder) {
    super(
        "%s is held by run %s (runbook %s, started %s%s ago). One run at a time for a target: follow it with `backout watch %s`, or end it with `backout stop %s`."
            .formatted(
                holder.target(),
                shortId(holder),
                holder.runbook(),
                holder.startedBy() == null ? "" : "by " + holder.startedBy() + " ",
                age(holder.startedAt()),
                shortId(holder),
                shortId(holder)));
    this.holder = holder;
  }

  public RunSummary holder() {
    return holder;
  }

  private static String shortId(RunSummary run) {
    return run.runId().substring(0, 8);
  }

  private static String age(Instant since) {
    Duration age = Duration.between(since, Instant.now());
    if (age.compareTo(Duration.ofMinutes(2)) < 0) {
      return Math.max(0, age.toSeconds()) + " s";
    }
    if (age.compareTo(Duration.ofHours(2)) < 0) {
      return age.toMinutes() + " min";
    }
    return age.compareTo(Duration.ofDays(2)) < 0 ? age.toHours() + " h" : age.toDays() + " days";
  }
}
