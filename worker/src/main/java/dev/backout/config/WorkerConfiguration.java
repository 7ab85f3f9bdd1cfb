package dev.backout.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a worker may touch, and where it finds secrets: {@code worker.yaml}. Everything in it is the
 * worker's own word; no runbook can widen it.
 *
 * @param allowedDirectories absolute; what actions read and write must lie below one of them.
 *     Without the file it is {@code /}: all that the worker's user may touch
 * @param allowedPrograms names or absolute paths that {@code command.run} may start. Without the
 *     file: none
 * @param evidence where actions put what is too big for a result
 * @param policy where the worker's policy is
 * @param notifications whom the worker tells of every run by itself
 * @param inForce each value with its source, for {@code doctor}
 */
public record WorkerConfiguration(
    List<Path> allowedDirectories,
    List<String> allowedPrograms,
    Secrets secrets,
    Path evidence,
    PolicyPlace policy,
    List<WorkerNotification> notifications,
    List<Setting> inForce) {

  /**
   * Where the policy is.
   *
   * @param named whether {@code worker.yaml} names it, so that it must be there
   */
  public record PolicyPlace(Path file, boolean named) {}

  /**
   * Where {@code secret:NAME} is looked up, in this order.
   *
   * @param files a file for a name
   * @param directory one file for each secret, as Kubernetes and Docker mount them
   * @param environment whether the worker's environment variables count
   * @param command a program that prints the secret, given its name as the last argument; empty for
   *     none
   */
  public record Secrets(
      Map<String, Path> files, Path directory, boolean environment, List<String> command) {}

  /**
   * The configuration in this directory's {@code worker.yaml}, or the defaults without one.
   *
   * @throws ConfigurationException naming the file, the key, what it holds and what is expected
   */
  public static WorkerConfiguration read(Path configDirectory, StateDirectory state) {
    return WorkerFile.read(configDirectory, state);
  }
}
