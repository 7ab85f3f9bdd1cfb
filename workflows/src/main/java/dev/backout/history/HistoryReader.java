package dev.backout.history;

import dev.backout.history.RunStatus.RunState;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DataConverter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A Temporal history to a timeline with the status at its end: of a run that goes on, has ended in
 * whatever way, or whose record breaks off. Asks nobody.
 */
public final class HistoryReader {
  private final DataConverter converter;

  /**
   * @param converter what the run's payloads were written with: {@link Payloads#CONVERTER}, or that
   *     with a codec around it
   */
  public HistoryReader(DataConverter converter) {
    this.converter = converter;
  }

  /** A run without its children's histories; its clock is read at its last event. */
  public Timeline read(WorkflowExecutionHistory history) {
    return read(history, Map.of(), false);
  }

  /**
   * @param children histories of child runbooks by their workflow id, as far as they are at hand;
   *     their steps then stand below the step that called them
   * @param interrupted whether nothing will follow although the record doesn't say how it ended
   * @throws IllegalArgumentException if it isn't the history of a run, saying what it is
   */
  public Timeline read(
      WorkflowExecutionHistory history,
      Map<String, WorkflowExecutionHistory> children,
      boolean interrupted) {
    List<HistoryEvent> events = history.getEvents();
    HistoryEvents translator = translator(history);
    RunEvent.RunStarted start = translator.start(events.get(0));
    StatusFold fold = new StatusFold(start);
    TimelineWriter timeline = new TimelineWriter(start);
    Consumer<RunEvent> tell =
        happened -> {
          timeline.before(happened, fold);
          fold.apply(happened);
          timeline.after(happened, fold);
        };
    translator.earlier(events.get(0)).forEach(tell);
    events.forEach(event -> translator.translate(event, fold).ifPresent(tell));
    Instant last = HistoryEvents.at(events.get(events.size() - 1));
    for (RunEvent told : toldAfterwards(history, children)) {
      fold.apply(told);
      timeline.after(told, fold);
    }
    if (interrupted && !fold.state().isFinal()) {
      RunEvent end = new RunEvent.RunFinished(last, RunState.INTERRUPTED, Endings.INTERRUPTED);
      fold.apply(end);
      timeline.after(end, fold);
    }
    Timeline own = new Timeline(fold.status(), timeline.entries(), List.of());
    Timeline whole = RunTree.with(own, id -> childTimeline(id, children, interrupted));
    return new Timeline(whole.status(), whole.entries(), Clock.objectives(whole.status(), last));
  }

  /** Somebody who reads along. */
  public interface Companion {
    /**
     * What happened in earlier histories, as the run has taken it along: there is no event of
     * Temporal's for it here.
     *
     * @param before the run as it stood before
     */
    default void remembers(RunEvent happened, StatusFold before) {}

    /**
     * @param happened what it means for the run; empty for what doesn't concern its record
     * @param before the run as it stood before
     */
    void reads(HistoryEvent event, Optional<RunEvent> happened, StatusFold before);

    /** They read side by side. */
    static Companion all(Companion... companions) {
      return new Companion() {
        @Override
        public void remembers(RunEvent happened, StatusFold before) {
          for (Companion each : companions) {
            each.remembers(happened, before);
          }
        }

        @Override
        public void reads(HistoryEvent event, Optional<RunEvent> happened, StatusFold before) {
          for (Companion each : companions) {
            each.reads(event, happened, before);
          }
        }
      };
    }
  }

  /**
   * Reads a run without its children, event by event, to somebody who wants more than the timeline.
   *
   * @return the run at its end
   * @throws IllegalArgumentException as {@link #read}
   */
  public StatusFold readTo(WorkflowExecutionHistory history, Companion companion) {
    List<HistoryEvent> events = history.getEvents();
    HistoryEvents translator = translator(history);
    StatusFold fold = new StatusFold(translator.start(events.get(0)));
    for (RunEvent earlier : translator.earlier(events.get(0))) {
      companion.remembers(earlier, fold);
      fold.apply(earlier);
    }
    for (HistoryEvent event : events) {
      Optional<RunEvent> happened = translator.translate(event, fold);
      companion.reads(event, happened, fold);
      happened.ifPresent(fold::apply);
    }
    return fold;
  }

  /** All that has happened in a run so far, as this history tells it and what it took along. */
  public List<RunEvent> events(WorkflowExecutionHistory history) {
    List<RunEvent> events = new ArrayList<>();
    StatusFold ignored =
        readTo(
            history,
            new Companion() {
              @Override
              public void remembers(RunEvent happened, StatusFold before) {
                events.add(happened);
              }

              @Override
              public void reads(
                  HistoryEvent event, Optional<RunEvent> happened, StatusFold before) {
                happened.ifPresent(events::add);
              }
            });
    return List.copyOf(events);
  }

  /** The part of that which it took along from earlier histories of the run. */
  public List<RunEvent> earlier(WorkflowExecutionHistory history) {
    return translator(history).earlier(history.getEvents().get(0));
  }

  private HistoryEvents translator(WorkflowExecutionHistory history) {
    if (history.getEvents().isEmpty()) {
      throw new IllegalArgumentException("The history has no events. Export it whole.");
    }
    return new HistoryEvents(converter, history.getWorkflowExecution().getWorkflowId());
  }

  /** What was told, or couldn't be, by those of its children that do nothing else. */
  private List<RunEvent> toldAfterwards(
      WorkflowExecutionHistory history, Map<String, WorkflowExecutionHistory> children) {
    Stream<String> own =
        history.getEvents().stream()
            .filter(HistoryEvent::hasChildWorkflowExecutionStartedEventAttributes)
            .filter(ChildEvents::isOfTelling)
            .map(event -> event.getChildWorkflowExecutionStartedEventAttributes())
            .map(started -> started.getWorkflowExecution().getWorkflowId());
    return Stream.concat(own, lastWord(history).stream())
        .distinct()
        .map(children::get)
        .filter(Objects::nonNull)
        .flatMap(child -> told(child).stream())
        .toList();
  }

  /**
   * The id of the workflow that tells of a run's end where the run was terminated, and couldn't
   * start it.
   */
  private static Optional<String> lastWord(WorkflowExecutionHistory history) {
    List<HistoryEvent> events = history.getEvents();
    return events.get(events.size() - 1).hasWorkflowExecutionTerminatedEventAttributes()
        ? Optional.of(
            Telling.workflowId(
                history.getWorkflowExecution().getWorkflowId(),
                events
                    .get(0)
                    .getWorkflowExecutionStartedEventAttributes()
                    .getOriginalExecutionRunId()))
        : Optional.empty();
  }

  private List<RunEvent> told(WorkflowExecutionHistory child) {
    HistoryEvents translator = new HistoryEvents(converter, "");
    return child.getEvents().stream()
        .flatMap(event -> translator.translateTelling(event).stream())
        .toList();
  }

  /** Whether it is of a workflow that only tells people what happens in a run, and is no run. */
  public static boolean isOfTelling(WorkflowExecutionHistory history) {
    return history.getEvents().stream()
        .limit(1)
        .map(first -> first.getWorkflowExecutionStartedEventAttributes().getWorkflowType())
        .anyMatch(type -> type.getName().equals(Telling.WORKFLOW));
  }

  /**
   * The children of the run, also in its earlier histories: the runbooks that it has called, and
   * what tells people. That of a run that was terminated has no run id, and may not be there.
   */
  public List<WorkflowExecution> childrenOf(WorkflowExecutionHistory history) {
    if (isOfTelling(history)) {
      return List.of();
    }
    HistoryEvents translator = translator(history);
    List<WorkflowExecution> children = new ArrayList<>();
    for (RunEvent event : translator.earlier(history.getEvents().get(0))) {
      if (event instanceof RunEvent.ChildStarted child) {
        children.add(
            WorkflowExecution.newBuilder()
                .setWorkflowId(child.workflowId())
                .setRunId(child.runId())
                .build());
      }
    }
    history.getEvents().stream()
        .filter(HistoryEvent::hasChildWorkflowExecutionStartedEventAttributes)
        .map(event -> event.getChildWorkflowExecutionStartedEventAttributes())
        .forEach(child -> children.add(child.getWorkflowExecution()));
    lastWord(history)
        .map(id -> WorkflowExecution.newBuilder().setWorkflowId(id).build())
        .ifPresent(children::add);
    return List.copyOf(children);
  }

  private Optional<Timeline> childTimeline(
      String id, Map<String, WorkflowExecutionHistory> children, boolean interrupted) {
    WorkflowExecutionHistory child = children.get(id);
    return child == null ? Optional.empty() : Optional.of(read(child, children, interrupted));
  }
}
