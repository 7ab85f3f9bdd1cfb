package dev.backout.runbook.expression;

import dev.cel.common.ast.CelExpr;
import java.util.Set;
import java.util.TreeSet;

/** Which steps an expression speaks of: the {@code x} of each {@code steps.x}. */
final class StepReferences {
  private StepReferences() {}

  static Set<String> in(CelExpr expression) {
    Set<String> found = new TreeSet<>();
    collect(expression, found);
    return found;
  }

  private static void collect(CelExpr expression, Set<String> found) {
    if (expression.getKind() == CelExpr.ExprKind.Kind.SELECT
        && expression.select().operand().identOrDefault().name().equals("steps")) {
      found.add(expression.select().field());
    }
    Children.of(expression).forEach(child -> collect(child, found));
  }
}
