package dev.backout.plan;

import dev.backout.runbook.ParseResult;
import java.util.Optional;

/** Where child runbooks come from. */
@FunctionalInterface
public interface RunbookLoader {

  /**
   * Reads a runbook.
   *
   * @param file the path as people would write it, already resolved against the including file
   * @return empty if there is no such file
   */
  Optional<ParseResult> load(String file);
}
