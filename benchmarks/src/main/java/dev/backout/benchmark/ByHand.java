package dev.backout.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** What somebody would write who has no Backout: the same activities, one after the other. */
@WorkflowInterface
public interface ByHand {

  @WorkflowMethod
  int run(int steps, JsonNode input);
}
