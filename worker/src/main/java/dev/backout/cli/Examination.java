package dev.backout.cli;

import dev.backout.cli.view.DoctorView;
import dev.backout.cli.view.Finding;
import dev.backout.cli.view.Finding.Verdict;
import dev.backout.client.BackoutClient;
import dev.backout.client.ConnectionException;
import dev.backout.config.ConfigurationException;
import dev.backout.config.Setting;
import dev.backout.config.Settings;
import dev.backout.config.WorkerConfiguration;
import dev.backout.machine.Machine;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at what Backout needs, without starting any of it. */
final class Examination {
  private static final int JAVA = 17;

  private final Settings settings;
  private final Machine machine;
  private final List<Finding> findings = new ArrayList<>();

  Examination(Settings settings, Machine machine) {
    this.settings = settings;
    this.machine = machine;
  }

  DoctorView result() {
    java();
    state();
    server();
    findings.addAll(new Tools(machine).findings());
    List<Setting> inForce = new ArrayList<>(settings.inForce());
    worker().ifPresent(configuration -> inForce.addAll(configuration.inForce()));
    return new DoctorView(List.copyOf(findings), List.copyOf(inForce));
  }

  private void java() {
    int version = Runtime.version().feature();
    String found = Runtime.version() + " in " + System.getProperty("java.home");
    if (version < JAVA) {
      bad("Java", found, "Backout needs Java " + JAVA + " or newer: point JAVA_HOME at one.");
    } else {
      good("Java", found);
    }
  }

  private void state() {
    try {
      settings.state().prepare();
      good("State directory", settings.state().root() + " can be written");
    } catch (ConfigurationException e) {
      bad("State directory", String.valueOf(e.getMessage()), null);
    }
  }

  private Optional<WorkerConfiguration> worker() {
    try {
      return Optional.of(WorkerConfiguration.read(settings.configDirectory(), settings.state()));
    } catch (ConfigurationException e) {
      bad("Worker configuration", String.valueOf(e.getMessage()), null);
      return Optional.empty();
    }
  }

  private void server() {
    try (BackoutClient client = BackoutClient.openToRead(settings)) {
      if (!client.isConnected()) {
        findings.add(
            new Finding(
                "Temporal server",
                Verdict.OPTIONAL,
                "this machine's background server is not running",
                "The first `backout run` or `backout plan` starts it."));
        return;
      }
      good(
          "Temporal server",
          client.server().address()
              + " ("
              + client.server().kind()
              + "), version "
              + client.server().version());
      polling(client);
    } catch (ConnectionException e) {
      bad("Temporal server", String.valueOf(e.getMessage()), null);
    }
  }

  private void polling(BackoutClient client) {
    try {
      List<String> workers =
          client
              .stubs()
              .blockingStub()
              .describeTaskQueue(
                  DescribeTaskQueueRequest.newBuilder()
                      .setNamespace(client.namespace())
                      .setTaskQueue(TaskQueue.newBuilder().setName(client.taskQueue()))
                      .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
                      .build())
              .getPollersList()
              .stream()
              .map(poller -> poller.getIdentity())
              .toList();
      if (workers.isEmpty()) {
        bad(
            "Worker",
            "none is polling the task queue " + client.taskQueue(),
            "`backout worker` runs one; --task-queue names another queue.");
      } else {
        good("Worker", String.join(", ", workers) + " polls " + client.taskQueue());
      }
    } catch (StatusRuntimeException e) {
      findings.add(
          new Finding(
              "Worker",
              Verdict.OPTIONAL,
              "this server does not tell who polls (" + e.getStatus().getCode() + ")",
              client.server().kind().equals("remote")
                  ? null
                  : "The background server has a worker in it."));
    }
  }

  private void good(String name, String found) {
    findings.add(new Finding(name, Verdict.GOOD, found, null));
  }

  private void bad(String name, String found, @Nullable String advice) {
    findings.add(new Finding(name, Verdict.BAD, found, advice));
  }
}
