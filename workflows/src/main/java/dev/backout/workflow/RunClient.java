package dev.backout.workflow;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunTree;
import dev.backout.history.StepPath;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Talks to a run that goes on, with its child runbooks as one tree: a step of a child is asked and
 * decided by its path in the whole.
 */
public final class RunClient {
  private final WorkflowClient client;

  public RunClient(WorkflowClient client) {
    this.client = client;
  }

  /** A decision that the run would not take; the message says what waits and what may be chosen. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * The status as the run tells it, with those of its children that go on. For one that has ended,
   * read its history.
   *
   * @param runId empty for the newest
   */
  public RunStatus status(String workflowId, Optional<String> runId) {
    RunStatus run = stub(workflowId, runId).query(RunbookWorkflow.STATUS, RunStatus.class);
    return run.state().isFinal() ? run : RunTree.withChildren(run, id -> childStatus(id));
  }

  private Optional<RunStatus> childStatus(String workflowId) {
    try {
      return Optional.of(
          stub(workflowId, Optional.empty()).query(RunbookWorkflow.STATUS, RunStatus.class));
    } catch (WorkflowException e) {
      return Optional.empty();
    }
  }

  /**
   * A decision on its way.
   *
   * @param workflowId of the run, or of the child runbook, whose step it is
   * @param runId of that
   * @param decision with the step as that run names it
   * @param statement what is to be signed
   */
  public record Addressed(
      String workflowId, String runId, Decision decision, DecisionStatement statement) {

    public Addressed signed(String armoured) {
      return new Addressed(workflowId, runId, decision.signed(armoured), statement);
    }
  }

  /** To the run, or the child, whose step the decision names; as that stands now. */
  public Addressed address(String workflowId, Optional<String> runId, Decision decision) {
    Addressee to = addressee(status(workflowId, runId), decision.step());
    Optional<String> id = to.workflowId().equals(workflowId) ? runId : Optional.empty();
    RunStatus run = stub(to.workflowId(), id).query(RunbookWorkflow.STATUS, RunStatus.class);
    Decision there = decision.of(to.step());
    return new Addressed(
        to.workflowId(),
        run.runId(),
        there,
        DecisionStatement.of(there, client.getOptions().getNamespace(), run));
  }

  /**
   * Sends it, and waits until it is judged.
   *
   * @throws RefusedException if it makes no sense now, or its sender may not decide it
   */
  public void send(Addressed addressed) throws RefusedException {
    send(addressed.workflowId(), addressed.runId(), addressed.decision());
  }

  /** The same of one that was addressed, and signed, elsewhere. */
  public void send(String workflowId, String runId, Decision decision) throws RefusedException {
    try {
      RunStatus ignored =
          stub(workflowId, Optional.of(runId))
              .update(RunbookWorkflow.DECIDE, RunStatus.class, decision);
    } catch (WorkflowUpdateException e) {
      // The workflow fails an update only to refuse it. The type that it gives does not always
      // survive the way through the server, so it isn't looked at.
      if (e.getCause() instanceof ApplicationFailure failure) {
        throw new RefusedException(failure.getOriginalMessage());
      }
      throw e;
    }
  }

  /**
   * Sends an unsigned decision to the run, or the child, whose step it names.
   *
   * @return the status of the whole, after it
   * @throws RefusedException as {@link #send}
   */
  public RunStatus decide(String workflowId, Optional<String> runId, Decision decision)
      throws RefusedException {
    send(address(workflowId, runId, decision));
    return status(workflowId, runId);
  }

  private record Addressee(String workflowId, String step) {}

  /** The innermost child under way that has the step. */
  private static Addressee addressee(RunStatus run, String step) {
    Addressee to = new Addressee(run.workflowId(), step);
    List<StepStatus> steps = Stream.concat(run.steps().stream(), run.lastly().stream()).toList();
    Optional<StepStatus> child = childAbove(steps, step);
    while (child.isPresent()) {
      String path = child.get().path();
      to =
          new Addressee(
              StepPath.childWorkflowId(run.workflowId(), path), step.substring(path.length() + 1));
      child = childAbove(child.get().children(), step);
    }
    return to;
  }

  private static Optional<StepStatus> childAbove(List<StepStatus> steps, String path) {
    for (StepStatus step : steps) {
      if (step.kind().equals("runbook")
          && step.state() == StepState.RUNNING
          && path.startsWith(step.path() + "/")) {
        return Optional.of(step);
      }
      Optional<StepStatus> below =
          step.kind().equals("runbook") ? Optional.empty() : childAbove(step.children(), path);
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }

  /** Of a run that has more than one history the newest is asked. */
  private WorkflowStub stub(String workflowId, Optional<String> runId) {
    return client.newUntypedWorkflowStub(
        workflowId, runId.map(id -> newest(workflowId, id)), Optional.empty());
  }

  private String newest(String workflowId, String runId) {
    try {
      return NewestHistory.of(
              client.getWorkflowServiceStubs(),
              client.getOptions().getNamespace(),
              workflowId,
              runId)
          .getRunId();
    } catch (StatusRuntimeException e) {
      return runId; // What is asked next says what is wrong, as it always did.
    }
  }
}
