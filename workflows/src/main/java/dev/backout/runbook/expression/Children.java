package dev.backout.runbook.expression;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;

/** The expressions directly within an expression, in the order of evaluation. */
final class Children {
  private Children() {}

  static List<CelExpr> of(CelExpr expression) {
    return switch (expression.getKind()) {
      case SELECT -> List.of(expression.select().operand());
      case CALL -> ofCall(expression.call());
      case LIST -> expression.list().elements();
      case MAP -> ofMap(expression.map());
      case STRUCT ->
          expression.struct().entries().stream().map(CelExpr.CelStruct.Entry::value).toList();
      case COMPREHENSION -> ofComprehension(expression.comprehension());
      case IDENT, CONSTANT, NOT_SET -> List.of();
    };
  }

  private static List<CelExpr> ofCall(CelExpr.CelCall call) {
    List<CelExpr> children = new ArrayList<>();
    call.target().ifPresent(children::add);
    children.addAll(call.args());
    return children;
  }

  private static List<CelExpr> ofMap(CelExpr.CelMap map) {
    List<CelExpr> children = new ArrayList<>();
    map.entries()
        .forEach(
            entry -> {
              children.add(entry.key());
              children.add(entry.value());
            });
    return children;
  }

  private static List<CelExpr> ofComprehension(CelExpr.CelComprehension loop) {
    return List.of(
        loop.iterRange(), loop.accuInit(), loop.loopCondition(), loop.loopStep(), loop.result());
  }
}
