package dev.backout.runbook.expression;

import dev.cel.common.ast.CelExpr;
import java.util.List;

/** What is known where a condition holds, and where it doesn't. */
final class Conditions {
  private final Names names;

  Conditions(Names names) {
    this.names = names;
  }

  Facts whenTrue(CelExpr condition) {
    Facts itself = Facts.of(Facts.holds(Canonical.of(condition)));
    List<CelExpr> args = args(condition);
    return switch (function(condition)) {
      case "_&&_" -> whenTrue(args.get(0)).and(whenTrue(args.get(1)));
      case "_||_" -> whenTrue(args.get(0)).or(whenTrue(args.get(1))).and(itself);
      case "!_" -> whenFalse(args.get(0)).and(itself);
      default -> reference(condition).and(itself);
    };
  }

  Facts whenFalse(CelExpr condition) {
    List<CelExpr> args = args(condition);
    return switch (function(condition)) {
      case "_&&_" -> whenFalse(args.get(0)).or(whenFalse(args.get(1)));
      case "_||_" -> whenFalse(args.get(0)).and(whenFalse(args.get(1)));
      case "!_" -> whenTrue(args.get(0));
      default -> Facts.of(Facts.holds("not " + Canonical.of(condition)));
    };
  }

  /** {@code steps.x.done}, {@code has(a.b)}. */
  private Facts reference(CelExpr condition) {
    Reference reference = Reference.of(condition).orElse(null);
    if (reference == null || reference.length() == 1) {
      return Facts.NONE;
    }
    if (!condition.select().testOnly()) {
      return reference.length() == 3
              && reference.isStep()
              && reference.names().get(2).equals(Names.DONE)
          ? names.doneFacts(reference.step())
          : Facts.NONE;
    }
    Facts present = Facts.of(Facts.present(reference.path(reference.length())));
    // The outputs of a step that isn't done are an empty object: what is in them proves that it is.
    return reference.isOutputs() && reference.length() > 3
        ? present.and(names.doneFacts(reference.step()))
        : present;
  }

  static String function(CelExpr expression) {
    return expression.getKind() == CelExpr.ExprKind.Kind.CALL ? expression.call().function() : "";
  }

  private static List<CelExpr> args(CelExpr expression) {
    return expression.getKind() == CelExpr.ExprKind.Kind.CALL
        ? expression.call().args()
        : List.of();
  }
}
