package dev.backout.worker;

import dev.backout.archive.ServerRuns;
import dev.backout.workflow.LastWord;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.common.WorkflowExecutionHistory;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for runs of a task queue that were terminated, which can tell nobody, and has it told for
 * them. All workers of the queue look; {@link LastWord} has it told once. Never stops or slows a
 * run.
 */
final class TerminationWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TerminationWatch.class);

  /** What is older is no news. A worker may have been down meanwhile. */
  private static final Duration NEWS = Duration.ofHours(1);

  private static final long PATIENCE_MILLIS = 5_000;

  private final ServerRuns runs;
  private final LastWord lastWord;
  private final String taskQueue;
  private final Duration pause;
  private final Clock clock;
  private final Thread thread;

  /** By run id, of those that the server may still list. */
  private final Set<String> seenTo = new HashSet<>();

  private final Set<String> complainedOf = new HashSet<>();

  private TerminationWatch(
      ServerRuns runs, LastWord lastWord, String taskQueue, Duration pause, Clock clock) {
    this.runs = runs;
    this.lastWord = lastWord;
    this.taskQueue = taskQueue;
    this.pause = pause;
    this.clock = clock;
    this.thread = new Thread(this::loop, "termination-watch");
    thread.setDaemon(true);
  }

  /**
   * Starts looking, in a thread of its own.
   *
   * @param pause between two looks
   */
  static TerminationWatch start(
      ServerRuns runs, LastWord lastWord, String taskQueue, Duration pause, Clock clock) {
    TerminationWatch watch = new TerminationWatch(runs, lastWord, taskQueue, pause, clock);
    watch.thread.start();
    return watch;
  }

  private void loop() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    List<WorkflowExecution> terminated;
    try {
      terminated = runs.terminatedSince(clock.instant().minus(NEWS));
    } catch (RuntimeException e) {
      complain("", "Whether runs were terminated can't be seen now: {}", e);
      return;
    }
    complainedOf.remove("");
    Set<String> listed = new HashSet<>();
    for (WorkflowExecution run : terminated) {
      listed.add(run.getRunId());
      if (!seenTo.contains(run.getRunId())) {
        seeTo(run);
      }
    }
    seenTo.retainAll(listed);
    complainedOf.retainAll(listed);
  }

  private void seeTo(WorkflowExecution run) {
    try {
      runs.historyThere(run.getWorkflowId(), run.getRunId()).ifPresent(this::tell);
      seenTo.add(run.getRunId());
    } catch (RuntimeException e) {
      complain(run.getRunId(), "Nobody is told yet that a run was terminated: {}", e);
    }
  }

  private void tell(WorkflowExecutionHistory history) {
    String queue =
        history
            .getEvents()
            .get(0)
            .getWorkflowExecutionStartedEventAttributes()
            .getTaskQueue()
            .getName();
    if (queue.equals(taskQueue)) {
      lastWord.tell(history);
    }
  }

  private void complain(String of, String words, RuntimeException e) {
    if (complainedOf.add(of)) {
      LOG.warn(words, e.toString());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
