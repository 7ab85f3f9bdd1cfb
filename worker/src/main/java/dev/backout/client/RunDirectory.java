package dev.backout.client;

import dev.backout.archive.Archive;
import dev.backout.archive.RunSummary;
import dev.backout.archive.ServerRuns;
import dev.backout.history.Telling;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs that the server and the archive know between them. */
final class RunDirectory {
  private final Connection connection;
  private final Archive archive;

  RunDirectory(Connection connection, Archive archive) {
    this.connection = connection;
    this.archive = archive;
  }

  /**
   * Newest first, those of child runbooks too; where both know a run, the server's word counts.
   * What tells of a run's end is none, but a part of that run's record.
   */
  List<RunSummary> list() {
    Map<String, RunSummary> byRunId = new LinkedHashMap<>();
    for (Archive.Entry entry : archive.entries()) {
      if (connection.shows(entry) && !Telling.isIdOf(entry.run().workflowId())) {
        byRunId.put(entry.run().runId(), entry.truth(connection.instance()));
      }
    }
    server().ifPresent(server -> server.list().forEach(run -> byRunId.put(run.runId(), run)));
    return byRunId.values().stream()
        .sorted(Comparator.comparing(RunSummary::startedAt).reversed())
        .toList();
  }

  RunSummary onServer(String workflowId, String runId) {
    return new ServerRuns(connection.stubs(), connection.namespace(), connection.listing())
        .find(workflowId, runId)
        .orElseThrow(
            () -> new UnknownRunException("The server no longer knows the run " + runId + "."));
  }

  WorkflowExecutionHistory history(RunSummary run) {
    return historyIfKept(run.workflowId(), run.runId())
        .orElseThrow(
            () ->
                new UnknownRunException(
                    "The history of run "
                        + run.runId()
                        + " is neither on the server any more nor in the archive "
                        + archive.folder()
                        + "."));
  }

  /**
   * @param runId empty for the only one with that workflow id
   */
  Optional<WorkflowExecutionHistory> historyIfKept(String workflowId, String runId) {
    return server()
        .flatMap(server -> server.history(workflowId, runId))
        .or(() -> runId.isEmpty() ? archived(workflowId) : archive.history(runId));
  }

  private Optional<WorkflowExecutionHistory> archived(String workflowId) {
    return archive.entries().stream()
        .filter(entry -> entry.run().workflowId().equals(workflowId))
        .findFirst()
        .flatMap(entry -> archive.history(entry.run().runId()));
  }

  /** Of a run that has more than one those before this one, the oldest first, as far as kept. */
  List<WorkflowExecutionHistory> before(WorkflowExecutionHistory newest, String workflowId) {
    LinkedList<WorkflowExecutionHistory> found = new LinkedList<>();
    Optional<WorkflowExecutionHistory> each = Optional.of(newest);
    while (each.isPresent()) {
      String former =
          each.get()
              .getEvents()
              .get(0)
              .getWorkflowExecutionStartedEventAttributes()
              .getContinuedExecutionRunId();
      each =
          former.isEmpty()
              ? Optional.empty()
              : server().flatMap(server -> server.historyThere(workflowId, former));
      each.ifPresent(found::addFirst);
    }
    return List.copyOf(found);
  }

  /** As it is now; where the server no longer knows it, as the archive does. */
  RunSummary again(RunSummary run) {
    return server().flatMap(server -> server.find(run.workflowId(), run.runId())).orElse(run);
  }

  private Optional<ServerRuns> server() {
    return connection.isConnected()
        ? Optional.of(
            new ServerRuns(connection.stubs(), connection.namespace(), connection.listing()))
        : Optional.empty();
  }
}
