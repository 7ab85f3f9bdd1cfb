package dev.backout.client;

import dev.backout.archive.Archive;
import dev.backout.archive.RunSummary;
import dev.backout.config.Settings;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus;
import dev.backout.history.Timeline;
import dev.backout.plan.ExecutionPlan;
import dev.backout.workflow.NewestHistory;
import dev.backout.workflow.RunClient;
import dev.backout.workflow.RunRequest;
import dev.backout.workflow.RunStarter;
import dev.backout.workflow.RunbookWorkflow;
import dev.backout.workflow.TargetHeldException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.List;
import java.util.Optional;

/** One command's connection: to a server where there is one, and to the archive always. */
public final class BackoutClient implements AutoCloseable {
  private final Connection connection;
  private final RunDirectory runs;
  private final String taskQueue;

  private BackoutClient(Connection connection, Archive archive, String taskQueue) {
    this.connection = connection;
    this.runs = new RunDirectory(connection, archive);
    this.taskQueue = taskQueue;
  }

  /**
   * Connects to the server that is configured; if none is, to this machine's background server,
   * which is started when it isn't there.
   *
   * @throws ConnectionException if the configured server can't be reached, within 2 s
   */
  public static BackoutClient open(Settings settings) {
    return new BackoutClient(
        Connection.open(settings), new Archive(settings.state().archive()), settings.taskQueue());
  }

  /**
   * For commands that only read: connects as {@link #open} does, but starts no background server
   * for it. Without one, {@link #isConnected()} is false, and runs come from the archive.
   */
  public static BackoutClient openToRead(Settings settings) {
    return new BackoutClient(
        Connection.openIfThere(settings),
        new Archive(settings.state().archive()),
        settings.taskQueue());
  }

  /** Over stubs that somebody else made and closes: for tests. */
  public static BackoutClient over(
      WorkflowServiceStubs stubs, ServerInfo server, String taskQueue, Archive archive) {
    return new BackoutClient(Connection.over(stubs, server), archive, taskQueue);
  }

  public boolean isConnected() {
    return connection.isConnected();
  }

  public ServerInfo server() {
    return connection.server();
  }

  public WorkflowServiceStubs stubs() {
    return connection.stubs();
  }

  public String namespace() {
    return connection.namespace();
  }

  public String taskQueue() {
    return taskQueue;
  }

  public WorkflowClient workflowClient() {
    return WorkflowClient.newInstance(
        stubs(),
        WorkflowClientOptions.newBuilder()
            .setNamespace(namespace())
            .setDataConverter(Payloads.CONVERTER)
            .build());
  }

  /** A stub for queries, updates and signals of an existing run. */
  public WorkflowStub stub(RunSummary run) {
    return workflowClient()
        .newUntypedWorkflowStub(
            NewestHistory.of(stubs(), namespace(), run.workflowId(), run.runId()),
            Optional.of(RunbookWorkflow.TYPE));
  }

  /**
   * How a run that goes on stands by its own word, with the child runbooks that go on: what waits
   * in one of them waits in the whole. Empty while no worker has taken the run up.
   */
  public Optional<RunStatus> status(RunSummary run) {
    try {
      return Optional.of(
          new RunClient(workflowClient()).status(run.workflowId(), Optional.of(run.runId())));
    } catch (WorkflowException e) {
      return Optional.empty();
    }
  }

  /** What a run does. */
  public ExecutionPlan plan(RunSummary run) {
    return FormerRun.plan(history(run)).orElseThrow();
  }

  /** Starts runs and previews. */
  public RunStarter starter() {
    return new RunStarter(workflowClient(), taskQueue);
  }

  /**
   * Starts a run and returns at once.
   *
   * @throws TargetHeldException if the target has one already
   */
  public RunSummary start(RunRequest request) throws TargetHeldException {
    WorkflowExecution execution = starter().start(request);
    return runs.onServer(execution.getWorkflowId(), execution.getRunId());
  }

  /** Runs of the server and of the archive, newest first, without those of child runbooks. */
  public List<RunSummary> runs() {
    return runs.list().stream().filter(run -> run.parentRunId() == null).toList();
  }

  /** Whether the server or the archive has a run, or a child runbook's, of this id. */
  public boolean knows(String runId) {
    return runs.list().stream().anyMatch(run -> run.runId().equals(runId));
  }

  /**
   * The run that is meant by {@code @latest}, a run id or the beginning of one (at least four
   * characters), or a target's name.
   *
   * @throws UnknownRunException if none is meant, or more than one
   */
  public RunSummary resolveRun(String text) {
    return RunReference.resolve(text, runs.list());
  }

  /** The history from the server or, where it no longer has it, from the archive. */
  public WorkflowExecutionHistory history(RunSummary run) {
    return runs.history(run);
  }

  /** The same as people read it, with the child runbooks that it called. */
  public Timeline timeline(RunSummary run) {
    return new RunRecord(runs).read(run);
  }

  /** The same with what happened in the former runs that it goes on from. */
  public Timeline wholeTimeline(RunSummary run) {
    return new RunRecord(runs).readWhole(run);
  }

  /**
   * The history of a run, and those of the child runbooks that it called, as far as they are kept.
   */
  public List<WorkflowExecutionHistory> histories(RunSummary run) {
    return new RunRecord(runs).histories(run);
  }

  /** The same with the histories of the runs that it goes on from. */
  public List<WorkflowExecutionHistory> wholeHistories(RunSummary run) {
    return new RunRecord(runs).wholeHistories(run);
  }

  /**
   * What of a run that has ended can be taken back.
   *
   * @throws IllegalArgumentException if its history doesn't say what was planned
   */
  public FormerRun former(RunSummary run) {
    return FormerRun.read(this, run);
  }

  /**
   * What a new run can take over from one that has stopped on its way.
   *
   * @throws IllegalArgumentException if its history doesn't say what was planned
   */
  public StoppedRun stopped(RunSummary run) {
    return StoppedRun.read(this, new RunRecord(runs), run);
  }

  /** How runs of this runbook went that have ended, newest first; at most 50. */
  public List<RunStatus> earlier(String runbook) {
    return EarlierRuns.of(this, runbook);
  }

  /** The run as it is now. */
  public RunSummary refresh(RunSummary run) {
    return runs.again(run);
  }

  @Override
  public void close() {
    connection.close();
  }
}
