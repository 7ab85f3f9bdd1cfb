package dev.backout.worker;

import dev.backout.action.ActionRegistry;
import dev.backout.archive.ServerRuns;
import dev.backout.config.StateDirectory;
import dev.backout.config.WorkerConfiguration;
import dev.backout.history.Payloads;
import dev.backout.workflow.LastWord;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A worker with everything that it registers, running. Closing it lets acts under way finish. */
public final class WorkerAssembly implements AutoCloseable {
  /**
   * A workflow thread that doesn't yield for this long hangs. Temporal's one second is less than a
   * machine in trouble takes to load the classes for the first task, and fails that task.
   */
  private static final Duration BUSY_MACHINE = Duration.ofSeconds(10);

  /** How long an act under way may go on when the worker is told to end; then it is cancelled. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** Where the server is, and whether it is the real one. */
  public enum ServerHome {
    DURABLE,
    /** Temporal's in-memory server in this process: it ends with the worker. */
    IN_MEMORY_HERE,
    /** Temporal's in-memory server in another process, which may outlive this worker. */
    IN_MEMORY_ELSEWHERE
  }

  /** Between two looks for terminated runs: of a server that others use too, and of one's own. */
  private static final Duration SELDOM = Duration.ofSeconds(15);

  private static final Duration OFTEN = Duration.ofSeconds(2);

  /** A worker that was started for a run has begun it by then. */
  private static final Duration UNHURRIED = Duration.ofSeconds(20);

  private final WorkerFactory factory;
  private final SqliteJournal journal;
  private final WarmUp warmUp;
  private final TerminationWatch watch;

  private WorkerAssembly(
      WorkerFactory factory, SqliteJournal journal, WarmUp warmUp, TerminationWatch watch) {
    this.factory = factory;
    this.journal = journal;
    this.warmUp = warmUp;
    this.watch = watch;
  }

  /**
   * Starts one and returns at once.
   *
   * @param home where the server is that it works for
   * @throws IllegalStateException if the journal can't be opened
   */
  public static WorkerAssembly start(
      WorkflowServiceStubs stubs,
      String namespace,
      String taskQueue,
      ServerHome home,
      StateDirectory state,
      WorkerConfiguration configuration) {
    SqliteJournal journal = journal(state);
    WorkflowClient client =
        WorkflowClient.newInstance(
            stubs,
            WorkflowClientOptions.newBuilder()
                .setNamespace(namespace)
                .setDataConverter(Payloads.CONVERTER)
                .setIdentity(identity(journal))
                .build());
    WorkerFactory factory = WorkerFactory.newInstance(client);
    WorkerOptions.Builder options =
        WorkerOptions.newBuilder().setDefaultDeadlockDetectionTimeout(BUSY_MACHINE.toMillis());
    if (home == ServerHome.DURABLE) {
      SearchAttributeSetup.attempt(stubs, namespace);
    } else if (home == ServerHome.IN_MEMORY_ELSEWHERE) {
      // A task in a dead worker's sticky queue would stay there for ever. The price is that each
      // task brings the whole history, which takes minutes for a run of a thousand steps.
      options.setStickyQueueScheduleToStartTimeout(Duration.ZERO);
    }
    Worker worker = factory.newWorker(taskQueue, options.build());
    ActionRegistry actions = ActionRegistry.load();
    Registrations.register(worker, configuration, journal, client, actions);
    factory.start();
    return new WorkerAssembly(
        factory,
        journal,
        WarmUp.start(actions, UNHURRIED),
        watch(new ServerRuns(stubs, namespace, listing(home)), client, taskQueue));
  }

  private static TerminationWatch watch(ServerRuns runs, WorkflowClient client, String taskQueue) {
    return TerminationWatch.start(
        runs,
        new LastWord(client),
        taskQueue,
        runs.listing() == ServerRuns.Listing.VISIBILITY ? SELDOM : OFTEN,
        Clock.systemUTC());
  }

  private static ServerRuns.Listing listing(ServerHome home) {
    return home == ServerHome.DURABLE
        ? ServerRuns.Listing.VISIBILITY
        : ServerRuns.Listing.OPEN_AND_CLOSED;
  }

  private static String identity(SqliteJournal journal) {
    try {
      return WorkerIdentity.of(journal.id());
    } catch (SQLException e) {
      throw new IllegalStateException("The worker's journal can't be read: " + e.getMessage(), e);
    }
  }

  private static SqliteJournal journal(StateDirectory state) {
    try {
      return SqliteJournal.open(state.prepare().journal());
    } catch (SQLException e) {
      throw new IllegalStateException(
          "The worker's journal "
              + state.journal()
              + " can't be opened ("
              + e.getMessage()
              + "), and without it no act may begin. Mend it, or move it away: it only settles doubts about acts that were interrupted.",
          e);
    }
  }

  @Override
  public void close() throws SQLException {
    warmUp.close();
    watch.close();
    factory.shutdown();
    factory.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    if (!factory.isTerminated()) {
      factory.shutdownNow();
      factory.awaitTermination(GRACE.toMillis() / 2, TimeUnit.MILLISECONDS);
    }
    journal.close();
  }
}
