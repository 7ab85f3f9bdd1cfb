package dev.backout.runbook.expression;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A name with its fields: {@code steps.backup.outputs.path}.
 *
 * @param ids the id of the expression that ends with each name
 */
record Reference(List<String> names, List<Long> ids) {

  /** Empty for every other expression. */
  static Optional<Reference> of(CelExpr expression) {
    List<String> names = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    CelExpr at = expression;
    while (at.getKind() == CelExpr.ExprKind.Kind.SELECT) {
      names.add(at.select().field());
      ids.add(at.id());
      at = at.select().operand();
    }
    if (at.getKind() != CelExpr.ExprKind.Kind.IDENT) {
      return Optional.empty();
    }
    names.add(at.ident().name());
    ids.add(at.id());
    Collections.reverse(names);
    Collections.reverse(ids);
    return Optional.of(new Reference(List.copyOf(names), List.copyOf(ids)));
  }

  String root() {
    return names.get(0);
  }

  int length() {
    return names.size();
  }

  String path(int length) {
    return String.join(".", names.subList(0, length));
  }

  /** Whether it begins with {@code steps.ID.outputs}. */
  boolean isOutputs() {
    return length() >= 3 && isStep() && names.get(2).equals(Names.OUTPUTS);
  }

  /** Whether it begins with {@code steps.ID}. */
  boolean isStep() {
    return length() >= 2 && root().equals(Names.STEPS);
  }

  String step() {
    return names.get(1);
  }
}
