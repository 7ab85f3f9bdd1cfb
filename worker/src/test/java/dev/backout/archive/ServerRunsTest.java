package dev.backout.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backout.server.InMemoryServer;
import dev.backout.workflow.RunbookWorkflow;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ServerRunsTest {
  private static final int STARTED = 400;

  @Test
  void runsAreListedWhileOthersStart()
      throws IOException, InterruptedException, ExecutionException {
    try (InMemoryServer server = InMemoryServer.start()) {
      WorkflowServiceStubs stubs = server.stubs();
      ServerRuns runs = new ServerRuns(stubs, "default", ServerRuns.Listing.OPEN_AND_CLOSED);
      WorkflowClient client = WorkflowClient.newInstance(stubs);
      FutureTask<Void> starting = new FutureTask<>(() -> start(client), null);
      new Thread(starting, "starts").start();
      while (!starting.isDone()) {
        int listed = runs.openExecutions().size();
        assertEquals(0, runs.closedExecutions().size(), () -> listed + " are open");
      }
      starting.get();
      assertEquals(STARTED, runs.openExecutions().size());
      stubs.shutdownNow();
    }
  }

  /** Nobody works on them. */
  private static void start(WorkflowClient client) {
    for (int i = 0; i < STARTED; i++) {
      var unused =
          client
              .newUntypedWorkflowStub(
                  RunbookWorkflow.TYPE,
                  WorkflowOptions.newBuilder()
                      .setWorkflowId("backout/" + i)
                      .setTaskQueue("backout")
                      .build())
              .start();
    }
  }
}
