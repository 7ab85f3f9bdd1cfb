package dev.backout.workflow;

import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.StatusFold;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What has happened so far. {@link #seen} is for what Temporal records by itself; {@link #note}
 * writes the event into the history as a marker besides.
 */
final class RunLog {
  private final StatusFold fold;
  private final boolean searchable;
  private final List<RunEvent> events = new ArrayList<>();
  private RunState published = RunState.RUNNING;
  private Consumer<RunEvent> listener = event -> {};

  /**
   * @param earlier what earlier histories of the run tell
   */
  RunLog(StatusFold fold, List<RunEvent> earlier, boolean searchable) {
    this.fold = fold;
    this.searchable = searchable;
    earlier.forEach(this::apply);
  }

  private void apply(RunEvent event) {
    events.add(event);
    fold.apply(event);
  }

  /** All so far, also of earlier histories. */
  List<RunEvent> events() {
    return Collections.unmodifiableList(events);
  }

  /** Hears of everything from now on, when it stands in the log. */
  void listen(Consumer<RunEvent> who) {
    listener = who;
  }

  static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  void seen(RunEvent event) {
    apply(event);
    publish();
    listener.accept(event);
  }

  void note(RunEvent event) {
    apply(event);
    Workflow.sideEffect(RunEvent.class, () -> event);
    publish();
    listener.accept(event);
  }

  StatusFold fold() {
    return fold;
  }

  RunStatus status() {
    return fold.status();
  }

  /** What other Temporal clients can see without asking: the details in its UI, the search. */
  private void publish() {
    Workflow.setCurrentDetails(details());
    RunState state = fold.state();
    if (searchable && state != published) {
      published = state;
      Workflow.upsertTypedSearchAttributes(
          SearchFields.OUTCOME.valueSet(state.name().toLowerCase(Locale.ROOT)));
    }
  }

  private String details() {
    StringBuilder text = new StringBuilder();
    for (Waiting waiting : fold.waiting()) {
      text.append("**Waits for a person**: ").append(waiting.question());
      text.append(" (").append(String.join(", ", waiting.choices())).append(")\n\n");
    }
    for (StepStatus step : fold.underWay()) {
      text.append(step.state() == StepState.RUNNING ? "Running: " : "Waiting: ");
      text.append(step.name()).append("\n\n");
    }
    return text.toString();
  }

  /** A name, short enough for Temporal's summaries, which are limited to 400 bytes. */
  static String shortened(String name) {
    List<String> lines = name.lines().toList();
    String first = lines.isEmpty() ? "" : lines.get(0);
    return first.codePointCount(0, first.length()) <= 100
        ? first
        : first.substring(0, first.offsetByCodePoints(0, 99)) + "…";
  }
}
