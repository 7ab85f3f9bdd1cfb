package dev.backout.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.workflow.StepCall;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.Workflow;
import java.time.Duration;

public final class ByHandImpl implements ByHand {
  private final ActivityStub activities =
      Workflow.newUntypedActivityStub(
          ActivityOptions.newBuilder()
              .setStartToCloseTimeout(Duration.ofMinutes(10))
              .setHeartbeatTimeout(Duration.ofSeconds(30))
              .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
              .build());

  @Override
  public int run(int steps, JsonNode input) {
    String run = Workflow.getInfo().getRunId();
    int done = 0;
    for (int i = 0; i < steps; i++) {
      StepCall call = new StepCall(run, "nothing", "nothing", "s" + i, 1);
      JsonNode output = activities.execute("disk.check", JsonNode.class, input, call);
      done += output.get("free").asInt();
    }
    return done;
  }
}
