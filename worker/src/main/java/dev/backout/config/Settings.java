package dev.backout.config;

import io.temporal.envconfig.ClientConfigProfile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is in force for one command: flags over environment over files over defaults.
 *
 * @param remote the Temporal server that was configured; empty for this machine's background server
 * @param remoteName how people know that server: its address and where it was configured
 * @param namespace of that server; {@code default} on the background server
 * @param serverChoice which server the background process holds
 * @param javaOptions what that process is started with, behind its own options
 * @param inForce every setting with its source, for {@code doctor}
 */
public record Settings(
    Optional<ClientConfigProfile> remote,
    String remoteName,
    String namespace,
    String taskQueue,
    ServerChoice serverChoice,
    List<String> javaOptions,
    StateDirectory state,
    Path configDirectory,
    List<Setting> inForce) {

  public static final String DEFAULT_NAMESPACE = "default";
  public static final String DEFAULT_TASK_QUEUE = "backout";

  /** The settings of this process's environment, without flags. */
  public static Settings load() {
    return SettingsReader.read(Flags.NONE, System.getenv());
  }

  /**
   * The settings of these flags and this environment.
   *
   * @throws ConfigurationException if a file or a value can't be understood
   */
  public static Settings load(Flags flags, java.util.Map<String, String> environment) {
    return SettingsReader.read(flags, environment);
  }

  /** {@code $XDG_CONFIG_HOME/backout/worker.yaml}. */
  public Path workerFile() {
    return configDirectory.resolve("worker.yaml");
  }
}
