package dev.backout.plan;

import dev.backout.runbook.Located;
import java.util.Optional;

/** Gives the runbooks that a step calls, compiled. */
@FunctionalInterface
interface ChildRunbooks {

  /**
   * The plan of a runbook, its target and inputs still those of the file.
   *
   * @param path as the including file writes it
   * @return empty if it can't be had, which has been said
   */
  Optional<ExecutionPlan> compile(Located<String> path);
}
