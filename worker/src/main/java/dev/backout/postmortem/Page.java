package dev.backout.postmortem;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the HTML template asks for.
 *
 * @param style a whole style element
 */
record Page(Report report, String style) {

  String outcomeClass() {
    String outcome = report.outcome().toLowerCase(java.util.Locale.ROOT);
    return !report.finished() ? "open" : outcome.startsWith("succeeded") ? "good" : "bad";
  }

  String time() {
    Duration took = report.impact().took();
    return took == null ? "Not finished" : Words.duration(took);
  }

  String data() {
    Duration lost = report.impact().dataLost();
    return lost == null ? "Not known" : Words.duration(lost) + " of writes";
  }

  String duration(@Nullable Duration duration) {
    return duration == null ? "–" : Words.duration(duration);
  }

  String clock(@Nullable Instant instant) {
    return instant == null ? "–" : Words.clock(instant);
  }

  String moment(Instant instant) {
    return Words.moment(instant);
  }

  String orDash(@Nullable String text) {
    return Optional.ofNullable(text).filter(given -> !given.isBlank()).orElse("–");
  }

  int depth(Report.StepLine step) {
    return Math.min(3, step.depth());
  }

  String stateClass(Report.StepLine step) {
    return switch (step.state()) {
      case "done" -> "good";
      case "failed", "in doubt" -> "bad";
      case "waiting", "running" -> "open";
      default -> "plain";
    };
  }

  boolean anyUnverified() {
    return report.decisions().stream().anyMatch(decision -> !decision.verified());
  }
}
