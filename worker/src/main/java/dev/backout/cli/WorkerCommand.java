package dev.backout.cli;

import dev.backout.client.BackoutClient;
import dev.backout.config.Settings;
import dev.backout.config.WorkerConfiguration;
import dev.backout.worker.WorkerAssembly;
import dev.backout.worker.WorkerAssembly.ServerHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "worker",
    header = "Run a worker for a Temporal server, until it is told to end.",
    description = {
      "",
      "A worker carries out the actions, on the machine that it runs on, as the user that it runs as."
          + " This machine's background server has one in it already; this command is for a Temporal"
          + " server of your own. What it may touch stands in worker.yaml. On TERM or Ctrl-C it lets"
          + " the act under way finish, for some seconds.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was told to end",
      "1:it could not start",
      "2:the command was not understood",
      "130:interrupted"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  backout worker --address temporal.example.com:7233",
      "  TEMPORAL_PROFILE=prod backout worker --task-queue db-hosts"
    })
final class WorkerCommand extends BackoutCommand {
  @Mixin ConnectionOptions connection = new ConnectionOptions();

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings(connection);
    if (settings.remote().isEmpty()) {
      throw usage(
          "No Temporal server is configured, and this machine's background server has a worker in it. Give --address, or set TEMPORAL_ADDRESS.");
    }
    WorkerConfiguration configuration =
        WorkerConfiguration.read(settings.configDirectory(), settings.state());
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  end.countDown();
                  await(ended);
                },
                "end-worker"));
    try (BackoutClient client = BackoutClient.open(settings)) {
      try (WorkerAssembly worker =
          WorkerAssembly.start(
              client.stubs(),
              settings.namespace(),
              settings.taskQueue(),
              client.server().kind().equals("in-memory")
                  ? ServerHome.IN_MEMORY_ELSEWHERE
                  : ServerHome.DURABLE,
              settings.state(),
              configuration)) {
        say(
            "Worker on "
                + settings.remoteName()
                + ", namespace "
                + settings.namespace()
                + ", task queue "
                + settings.taskQueue()
                + ". "
                + policy(configuration)
                + " Ctrl-C ends it.");
        end.await();
      } catch (SQLException e) {
        say("The journal did not close cleanly: " + e.getMessage());
      }
    } finally {
      ended.countDown();
    }
    return ExitCode.DONE;
  }

  /** Who reads this should see whether anybody may do anything, before somebody does. */
  private static String policy(WorkerConfiguration configuration) {
    Path file = configuration.policy().file();
    return configuration.policy().named() || Files.exists(file)
        ? "Policy: " + file + "."
        : "No policy (" + file + "): everybody may do everything, unverified.";
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
