package dev.backout.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.History;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NewestHistoryTest {
  private static final String QUEUE = "again";

  @WorkflowInterface
  public interface Again {
    @WorkflowMethod
    void go(int more);
  }

  public static final class AgainImpl implements Again {
    @Override
    public void go(int more) {
      if (more > 0) {
        Workflow.continueAsNew(more - 1);
      }
    }
  }

  private TestWorkflowEnvironment server;

  @BeforeEach
  void start() {
    server = TestWorkflowEnvironment.newInstance();
    server.newWorker(QUEUE).registerWorkflowImplementationTypes(AgainImpl.class);
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void it_is_the_last_of_those_that_follow_one_another() {
    WorkflowExecution first = run("shop", 2);

    WorkflowExecution newest = of(server.getWorkflowServiceStubs(), first);

    assertNotEquals(first.getRunId(), newest.getRunId());
    assertEquals(newest, of(server.getWorkflowServiceStubs(), newest));
  }

  @Test
  void it_is_found_too_where_the_server_has_lost_how_the_first_one_ended() {
    WorkflowExecution first = run("shop", 2);

    assertEquals(of(server.getWorkflowServiceStubs(), first), of(forgetful(), first));
  }

  @Test
  void a_later_run_of_the_same_target_is_not_taken_for_it() {
    WorkflowExecution first = run("shop", 1);
    WorkflowExecution later = run("shop", 1);

    assertEquals(first.getRunId(), of(forgetful(), first).getRunId());
    assertNotEquals(later.getRunId(), of(forgetful(), later).getRunId());
  }

  private WorkflowExecution run(String id, int more) {
    Again again =
        server
            .getWorkflowClient()
            .newWorkflowStub(
                Again.class,
                WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(id).build());
    WorkflowExecution first = WorkflowClient.start(again::go, more);
    server.getWorkflowClient().newUntypedWorkflowStub(id).getResult(Void.class);
    return first;
  }

  private WorkflowExecution of(WorkflowServiceStubs stubs, WorkflowExecution first) {
    return NewestHistory.of(stubs, server.getNamespace(), first.getWorkflowId(), first.getRunId());
  }

  /** To the same server, whose histories lack the event by which they go on in another. */
  private WorkflowServiceStubs forgetful() {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder()
            .setChannel(server.getWorkflowServiceStubs().getRawChannel())
            .setGrpcClientInterceptors(List.of(new Forgetting()))
            .build());
  }

  private static final class Forgetting implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<A>(listener) {
                @Override
                public void onMessage(A answer) {
                  super.onMessage(without(answer));
                }
              },
              headers);
        }
      };
    }

    @SuppressWarnings("unchecked")
    private static <A> A without(A answer) {
      if (!(answer instanceof GetWorkflowExecutionHistoryResponse history)) {
        return answer;
      }
      History.Builder left = History.newBuilder();
      history.getHistory().getEventsList().stream()
          .filter(
              event ->
                  event.getEventType() != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW)
          .forEach(left::addEvents);
      return (A) history.toBuilder().setHistory(left).build();
    }
  }
}
