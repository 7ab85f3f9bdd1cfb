package dev.backout.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.archive.RunSummary;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.workflow.Decision;
import dev.backout.workflow.RunClient;
import dev.backout.workflow.RunClient.RefusedException;
import io.temporal.client.WorkflowException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Carries a person's decision to a run. */
final class Decisions {
  private Decisions() {}

  static RunStatus send(
      BackoutClient client,
      RunSummary run,
      String step,
      String choice,
      String by,
      @Nullable String reason,
      @Nullable JsonNode details,
      Instant at) {
    Decision decision =
        new Decision(UUID.randomUUID().toString(), step, choice, by, reason, at, null, details);
    try {
      return new RunClient(client.workflowClient())
          .decide(run.workflowId(), Optional.of(run.runId()), decision);
    } catch (RefusedException e) {
      throw new CommandFailure(ExitCode.ERROR, "Not taken: " + e.getMessage());
    } catch (WorkflowException e) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "The decision could not be given to the run: "
              + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage())
              + ". If it has not ended, `backout doctor` says whether a worker is there.");
    }
  }
}
