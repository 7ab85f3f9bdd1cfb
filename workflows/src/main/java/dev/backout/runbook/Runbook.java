package dev.backout.runbook;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A runbook as its author wrote it: read and well formed, but its expressions, actions and child
 * runbooks not checked yet.
 *
 * <p>When its file has errors it is only good for finding more of them: what could not be read is
 * missing, or stands as {@code Unreadable}, an empty string or {@code Any}.
 *
 * @param target who is rolled back; may refer to inputs
 * @param inputs by name, in the order of the file
 * @param preflight read-only steps, each of them {@link Work.Uses} or {@link Work.Unreadable}
 * @param lastly what runs whatever has happened: {@code finally}
 * @param notifications who is told of what, by name
 */
public record Runbook(
    SourceText source,
    Located<Kind> kind,
    Located<String> name,
    Located<String> summary,
    Template target,
    Objectives objectives,
    Map<String, Input> inputs,
    Map<String, Output> outputs,
    List<Trigger> triggers,
    List<Step> preflight,
    List<Step> steps,
    List<Step> lastly,
    List<FollowUp> followUps,
    Map<String, Notification> notifications) {

  public enum Kind {
    EMERGENCY("emergency"),
    PLANNED("planned"),
    KILL_SWITCH("kill-switch"),
    VALIDATION("validation");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As the runbook writes it. */
    public String word() {
      return word;
    }
  }

  public record Objectives(@Nullable Located<Duration> rto, @Nullable Located<Duration> rpo) {}
}
