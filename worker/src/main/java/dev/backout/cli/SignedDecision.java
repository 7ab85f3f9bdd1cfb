package dev.backout.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.backout.plan.Json;
import dev.backout.workflow.Decision;
import dev.backout.workflow.RunClient.Addressed;

/**
 * A signed decision that is carried by whatever channel there is. It is worth the same whoever
 * sends it, and nothing anywhere else.
 *
 * @param decision also the input of the signal by which Temporal's own client can send it
 */
record SignedDecision(String workflowId, String runId, Decision decision) {

  static SignedDecision of(Addressed addressed) {
    return new SignedDecision(addressed.workflowId(), addressed.runId(), addressed.decision());
  }

  void print(BackoutCommand command) {
    try {
      command.out().println(Json.MAPPER.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a decision is always JSON", e);
    }
    command.say(
        "Signed, not sent. Anybody can send it: backout submit FILE (or - for standard input).");
  }

  static SignedDecision parse(String text, String source) {
    try {
      SignedDecision read = Json.MAPPER.readValue(text, SignedDecision.class);
      if (read != null
          && read.workflowId() != null
          && read.runId() != null
          && read.decision() != null
          && read.decision().signature() != null) {
        return read;
      }
    } catch (JsonProcessingException e) {
      // Said below: what matters is what it should be.
    }
    throw new CommandFailure(
        ExitCode.ERROR,
        source
            + " should hold a decision as `--sign-only` prints it, one line of JSON with workflowId, runId and decision, and does not.");
  }
}
