package dev.backout.plan;

import dev.backout.catalog.ActionCatalog;
import dev.backout.runbook.ParseResult;
import java.util.Map;

/**
 * Model, actions and inputs to a plan, or to everything that is wrong with them. Whatever a step
 * speaks of is checked: that it is there at that place, that it has the type that is wanted, and
 * that it can't be absent.
 *
 * @param catalog the actions that there are
 * @param children where the runbooks come from that a runbook calls
 */
public record RunbookCompiler(ActionCatalog catalog, RunbookLoader children) {

  /** Everything that can be said without values for the inputs. There is no plan. */
  public Compilation check(ParseResult parsed) {
    return new CompilationSession(this).check(parsed);
  }

  /** What the plan is like whatever its inputs: for reading, not for a run. */
  public Compilation outline(ParseResult parsed) {
    return new CompilationSession(this).outline(parsed);
  }

  /**
   * A plan for a run.
   *
   * @param inputs by the input's name; what is not given takes its default
   */
  public Compilation compile(ParseResult parsed, Map<String, GivenInput> inputs) {
    return new CompilationSession(this).compile(parsed, inputs);
  }
}
