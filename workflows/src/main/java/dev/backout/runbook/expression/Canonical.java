package dev.backout.runbook.expression;

import dev.cel.common.ast.CelExpr;
import java.util.stream.Collectors;

/** An expression's text without its spacing, so that two that are written alike are equal. */
final class Canonical {
  private Canonical() {}

  static String of(CelExpr expression) {
    return switch (expression.getKind()) {
      case CONSTANT -> constant(expression);
      case IDENT -> expression.ident().name();
      case SELECT -> select(expression.select());
      case CALL -> expression.call().function() + children(expression);
      case LIST -> "list" + expression.list().optionalIndices() + children(expression);
      case MAP -> map(expression.map());
      case STRUCT -> "struct " + expression.struct().messageName() + children(expression);
      case COMPREHENSION -> loop(expression);
      case NOT_SET -> "?";
    };
  }

  private static String constant(CelExpr expression) {
    return expression.constant().getKind() + ":" + expression.constant();
  }

  private static String select(CelExpr.CelSelect select) {
    String path = of(select.operand()) + "." + select.field();
    return select.testOnly() ? "has(" + path + ")" : path;
  }

  private static String map(CelExpr.CelMap map) {
    return map.entries().stream()
        .map(e -> (e.optionalEntry() ? "?" : "") + of(e.key()) + ":" + of(e.value()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String loop(CelExpr expression) {
    CelExpr.CelComprehension loop = expression.comprehension();
    return "loop "
        + loop.iterVar()
        + " "
        + loop.iterVar2()
        + " "
        + loop.accuVar()
        + children(expression);
  }

  private static String children(CelExpr expression) {
    return Children.of(expression).stream()
        .map(Canonical::of)
        .collect(Collectors.joining(",", "(", ")"));
  }
}
