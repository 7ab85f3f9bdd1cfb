package dev.backout.cli;

import dev.backout.config.Flags;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Temporal server to talk to. */
final class ConnectionOptions {
  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "Temporal server. Default: $TEMPORAL_ADDRESS, else this machine's own.")
  @Nullable String address;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Namespace there. Default: $TEMPORAL_NAMESPACE, else default.")
  @Nullable String namespace;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Profile in temporal.toml. Default: $TEMPORAL_PROFILE.")
  @Nullable String profile;

  @Option(
      names = "--task-queue",
      paramLabel = "NAME",
      description = "Task queue of the workers. Default: $BACKOUT_TASK_QUEUE, else backout.")
  @Nullable String taskQueue;

  Flags flags() {
    return new Flags(address, namespace, profile, taskQueue);
  }
}
