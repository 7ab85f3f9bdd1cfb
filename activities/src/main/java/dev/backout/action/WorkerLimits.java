package dev.backout.action;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the actions of a worker may touch. The worker's own word: nothing in a runbook widens it.
 *
 * @param directories absolute; every path of an action must lie in one of them
 * @param programs names or absolute paths of what {@code command.run} may start
 * @param evidence where actions put what is too big for a result
 * @param fence a second bound for paths; null for none
 */
public record WorkerLimits(
    List<Path> directories, List<String> programs, Path evidence, @Nullable Fence fence) {

  public WorkerLimits {
    directories = List.copyOf(directories);
    programs = List.copyOf(programs);
  }

  public WorkerLimits(List<Path> directories, List<String> programs, Path evidence) {
    this(directories, programs, evidence, null);
  }

  /**
   * A bound that the worker's policy sets.
   *
   * @param directories absolute; every path of an action must lie in one of these too
   * @param place where the policy says so
   */
  public record Fence(List<Path> directories, String place) {}

  public WorkerLimits within(Fence bound) {
    return new WorkerLimits(directories, programs, evidence, bound);
  }
}
