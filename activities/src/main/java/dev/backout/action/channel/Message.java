package dev.backout.action.channel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.StepCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people are told, in words and without secrets: what a step says, or what an event of a run
 * says.
 *
 * @param key the same for each attempt to tell it, and for nothing else
 * @param thread the same for all that belongs together: the run's, where nothing else is said
 * @param occasion the event's: {@code waiting}; null for what a step says
 * @param subject one line
 */
record Message(
    String key,
    String thread,
    @Nullable String occasion,
    String subject,
    String text,
    StepCall call) {
  private static final int LONGEST_SUBJECT = 200;

  /**
   * @param thread what the step calls what belongs together; null for the run
   * @param subject null for the first line of the text
   * @throws ActionException if there is nothing to tell
   */
  static Message of(
      @Nullable String thread,
      @Nullable String subject,
      @Nullable String text,
      @Nullable JsonNode event,
      ActionContext context)
      throws ActionException {
    StepCall call = context.call();
    String run = "backout/" + call.runId();
    if (event != null) {
      return new Message(
          "backout/" + event.path("id").asText(),
          thread == null ? run : thread,
          event.path("type").asText().replaceFirst("^.*\\.", ""),
          line(context.mask(subject == null ? summary(event) : subject)),
          context.mask(text == null ? facts(event) : text + "\n\n" + facts(event)),
          call);
    }
    if (text == null || text.isBlank()) {
      throw new ActionException(
          Kind.INVALID_INPUT, "There is nothing to tell: `text` is missing. Nothing was sent.");
    }
    return new Message(
        run + "/" + call.step(),
        thread == null ? run : thread,
        null,
        line(context.mask(subject == null ? text.strip() : subject)),
        context.mask(text.strip()),
        call);
  }

  private static String summary(JsonNode event) {
    return event.path("data").path("summary").asText("Something has happened in a rollback.");
  }

  private static String line(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    return line.length() > LONGEST_SUBJECT ? line.substring(0, LONGEST_SUBJECT - 1) + "…" : line;
  }

  private static String facts(JsonNode event) {
    JsonNode data = event.path("data");
    JsonNode run = data.path("run");
    List<String> lines = new ArrayList<>();
    lines.add(summary(event));
    lines.add("");
    lines.add(
        "Runbook "
            + run.path("runbook").asText()
            + " on "
            + run.path("target").asText()
            + ", started by "
            + run.path("startedBy").asText()
            + " at "
            + run.path("startedAt").asText()
            + ", now "
            + run.path("state").asText()
            + ".");
    if (data.hasNonNull("failure")) {
      lines.add("Failure: " + data.path("failure").asText());
    }
    if (data.path("asks").size() > 0) {
      List<String> asked = new ArrayList<>();
      data.path("asks").forEach(each -> asked.add(each.asText()));
      lines.add("Asked: " + String.join(", ", asked) + ".");
    }
    if (data.path("waiting").hasNonNull("deadline")) {
      lines.add("Until " + data.path("waiting").path("deadline").asText() + ".");
    }
    lines.add("To see and decide: backout watch " + run.path("target").asText());
    return String.join("\n", lines);
  }

  /** What is shown below a text that doesn't say it: where it comes from. */
  String origin() {
    return "Backout, " + call.runbook() + " on " + call.target() + ", run " + call.runId();
  }
}
