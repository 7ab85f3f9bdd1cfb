package dev.backout.archive;

import dev.backout.archive.RunSummary.Place;
import dev.backout.history.RunStatus.RunState;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies each run's history into the archive as it grows. Never stops or slows a run. */
public final class Archiver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
  private static final long INTERVAL_MILLIS = 300;

  /**
   * A long history takes long to copy; the pauses grow with it, so that it costs a tenth at most.
   */
  private static final int PAUSE_FACTOR = 10;

  private final ServerRuns server;
  private final Archive archive;
  private final String serverName;
  private final boolean durable;
  private final Thread thread;

  private final Map<String, WorkflowExecution> open = new HashMap<>();

  /** Events copied so far, by run id, of runs that had not ended. */
  private final Map<String, Long> copied = new HashMap<>();

  private final Set<String> done = new LinkedHashSet<>();
  private boolean complained;

  private Archiver(ServerRuns server, Archive archive, String serverName, boolean durable) {
    this.server = server;
    this.archive = archive;
    this.serverName = serverName;
    this.durable = durable;
    this.thread = new Thread(this::loop, "archiver");
    thread.setDaemon(true);
  }

  /**
   * Starts copying, in a thread of its own.
   *
   * @param serverName what the entries are marked with
   * @param durable whether the server keeps its runs when it is stopped
   */
  public static Archiver start(
      ServerRuns server, Archive archive, String serverName, boolean durable) {
    Archiver archiver = new Archiver(server, archive, serverName, durable);
    archiver.thread.start();
    return archiver;
  }

  /** Copies a run once, as it is now; for servers that nothing is archived from by itself. */
  public static boolean copy(ServerRuns server, Archive archive, String serverName, RunSummary run)
      throws IOException {
    var history = server.history(run.workflowId(), run.runId());
    if (history.isEmpty()) {
      return false;
    }
    archive.keep(new Archive.Entry(asOf(run, history.get()), serverName, true), history.get());
    return true;
  }

  private void loop() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long begun = System.nanoTime();
        pass();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        TimeUnit.MILLISECONDS.sleep(Math.max(INTERVAL_MILLIS, took * PAUSE_FACTOR));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void pass() {
    try {
      List<WorkflowExecution> running = server.openExecutions();
      for (WorkflowExecution execution : running) {
        open.put(execution.getRunId(), execution);
      }
      for (WorkflowExecution execution : server.closedExecutions()) {
        if (!done.contains(execution.getRunId())) {
          open.put(execution.getRunId(), execution);
        }
      }
      for (WorkflowExecution execution : List.copyOf(open.values())) {
        copyIfGrown(execution);
      }
      complained = false;
    } catch (IOException | RuntimeException e) {
      complain(e);
    }
  }

  private void copyIfGrown(WorkflowExecution execution) throws IOException {
    String runId = execution.getRunId();
    var found = server.findThere(execution);
    if (found.isEmpty()) {
      open.remove(runId);
      return;
    }
    RunSummary run = found.get();
    boolean grown = run.events() == 0 || run.events() != copied.getOrDefault(runId, 0L);
    if (!grown && !run.state().isFinal()) {
      return;
    }
    var history = server.history(execution.getWorkflowId(), runId);
    if (history.isEmpty()) {
      return;
    }
    RunSummary copy = asOf(run, history.get());
    boolean known =
        archive
            .entry(run.runId())
            .filter(
                entry -> entry.run().events() == copy.events() && entry.server().equals(serverName))
            .isPresent();
    if (!known) {
      archive.keep(new Archive.Entry(copy, serverName, durable), history.get());
    }
    copied.put(runId, run.events());
    if (copy.state().isFinal()) {
      open.remove(runId);
      copied.remove(runId);
      done.add(runId);
    }
  }

  /** The run as its copied history tells it, which may be a moment older or newer than the run. */
  private static RunSummary asOf(RunSummary run, WorkflowExecutionHistory history) {
    List<HistoryEvent> events = history.getEvents();
    HistoryEvent last = events.get(events.size() - 1);
    RunState state = ServerRuns.state(history);
    Instant end = state.isFinal() ? ServerRuns.instant(last.getEventTime()) : null;
    return new RunSummary(
        run.workflowId(),
        run.runId(),
        run.runbook(),
        run.kind(),
        run.target(),
        run.planDigest(),
        run.startedBy(),
        state,
        run.startedAt(),
        end,
        run.parentRunId(),
        Place.ARCHIVE,
        events.size());
  }

  private void complain(Exception e) {
    if (!complained) {
      LOG.warn("The archive falls behind, and is tried again: {}", e.toString());
      complained = true;
    }
  }

  /** Stops after a last copy of everything that has grown. */
  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(5_000);
    pass();
  }
}
