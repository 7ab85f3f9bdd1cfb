package dev.backout.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.archive.RunSummary;
import dev.backout.cli.Judgement.UnansweredException;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.workflow.Decision;
import dev.backout.workflow.RunClient;
import dev.backout.workflow.RunClient.Addressed;
import dev.backout.workflow.RunClient.RefusedException;
import io.temporal.client.WorkflowException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Carries a person's decision to a run. */
final class Decisions {
  private final BackoutClient client;
  private final RunClient runs;

  Decisions(BackoutClient client) {
    this.client = client;
    this.runs = new RunClient(client.workflowClient());
  }

  /** The decision, on its way to the run or the child runbook whose step it names. */
  Addressed address(RunSummary run, Decision decision) {
    return carried(() -> runs.address(run.workflowId(), Optional.of(run.runId()), decision));
  }

  static Decision decision(
      String step,
      String choice,
      String by,
      @Nullable String reason,
      @Nullable JsonNode details,
      Instant at) {
    return new Decision(UUID.randomUUID().toString(), step, choice, by, reason, at, null, details);
  }

  void send(Addressed addressed) {
    carried(
        () -> {
          Judgement.await(() -> runs.send(addressed));
          return addressed;
        });
  }

  void send(SignedDecision signed) {
    carried(
        () -> {
          Judgement.await(() -> runs.send(signed.workflowId(), signed.runId(), signed.decision()));
          return signed;
        });
  }

  RunStatus status(RunSummary run) {
    return carried(() -> runs.status(run.workflowId(), Optional.of(run.runId())));
  }

  /** Whether the run's worker has a policy, to which a signature means something. */
  boolean isJudged(RunSummary run) {
    return client.timeline(run).status().admission() != null;
  }

  private interface Errand<T> {
    T run() throws RefusedException, UnansweredException;
  }

  private static <T> T carried(Errand<T> errand) {
    try {
      return errand.run();
    } catch (RefusedException e) {
      throw new CommandFailure(ExitCode.ERROR, "Not taken: " + e.getMessage());
    } catch (UnansweredException e) {
      throw untaken(e.getMessage());
    } catch (WorkflowException e) {
      throw untaken(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    }
  }

  private static CommandFailure untaken(@Nullable String why) {
    return new CommandFailure(
        ExitCode.ERROR,
        "Nobody has said that the decision was taken: "
            + why
            + ". `backout status` says whether it counts, and if it doesn't, give it again;"
            + " `backout doctor` says whether a worker is there.");
  }
}
