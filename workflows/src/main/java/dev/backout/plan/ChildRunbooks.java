package dev.backout.plan;

import dev.backout.runbook.Located;
import java.util.Optional;

/** Gives the runbooks that a step calls, compiled. */
@FunctionalInterface
interface ChildRunbooks {

  /**
   * @param path as the including file writes it
   * @return empty if it can't be had, which has been said
   */
  Optional<ExecutionPlan> compile(Located<String> path);
}
