package dev.backout.action;

import java.nio.file.Path;
import java.util.List;

/**
 * What the actions of a worker may touch. The worker's own word: nothing in a runbook widens it.
 *
 * @param directories absolute; every path of an action must lie in one of them
 * @param programs names or absolute paths of what {@code command.run} may start
 * @param evidence where actions put what is too big for a result
 */
public record WorkerLimits(List<Path> directories, List<String> programs, Path evidence) {
  public WorkerLimits {
    directories = List.copyOf(directories);
    programs = List.copyOf(programs);
  }
}
