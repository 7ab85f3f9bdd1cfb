package dev.backout.runbook.expression;

import dev.backout.catalog.ValueType;
import java.util.List;

/**
 * What the check of an expression found.
 *
 * @param type what it gives; {@code Any} if there are problems or nobody can tell before the run
 * @param optional whether it may give nothing, as {@code inputs.?x} does
 * @param problems empty if it is sound
 * @param whenTrue what is known where it holds
 */
public record Checked(ValueType type, boolean optional, List<Problem> problems, Facts whenTrue) {

  static Checked wrong(List<Problem> problems) {
    return new Checked(new ValueType.Any(), false, List.copyOf(problems), Facts.NONE);
  }
}
