package dev.backout.runbook.expression;

import dev.backout.catalog.ValueType;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * That nothing is asked for that may not be there: the outputs of a step that may have been
 * skipped, an optional value. Follows {@code &&}, {@code ||}, {@code !} and {@code ?:} from left to
 * right and takes no other form for a guard, so it may ask for a guard too many, and never for one
 * too few.
 */
final class PresenceCheck {
  private final Map<String, ValueType> variables;
  private final Names names;
  private final Places places;
  private final Conditions conditions;
  private final List<Problem> problems = new ArrayList<>();

  private PresenceCheck(Names names, Places places) {
    this.variables = names.variables();
    this.names = names;
    this.places = places;
    this.conditions = new Conditions(names);
  }

  static List<Problem> check(CelExpr expression, Names names, Places places) {
    PresenceCheck check = new PresenceCheck(names, places);
    check.walk(expression, names.facts());
    return check.problems;
  }

  private void walk(CelExpr expression, Facts facts) {
    Reference reference = Reference.of(expression).orElse(null);
    if (reference != null) {
      boolean asks =
          expression.getKind() == CelExpr.ExprKind.Kind.SELECT && expression.select().testOnly();
      if (asks) {
        asked(expression.select().operand(), facts);
      } else {
        taken(reference, facts);
      }
      return;
    }
    List<CelExpr> children = Children.of(expression);
    switch (Conditions.function(expression)) {
      case "_&&_" -> inOrder(children, facts, conditions.whenTrue(children.get(0)));
      case "_||_" -> inOrder(children, facts, conditions.whenFalse(children.get(0)));
      case "_?_:_" -> {
        walk(children.get(0), facts);
        walk(children.get(1), facts.and(conditions.whenTrue(children.get(0))));
        walk(children.get(2), facts.and(conditions.whenFalse(children.get(0))));
      }
      case ReferenceCheck.OPTIONAL_SELECT -> asked(children.get(0), facts);
      default -> children.forEach(child -> walk(child, facts));
    }
  }

  private void inOrder(List<CelExpr> operands, Facts facts, Facts afterFirst) {
    walk(operands.get(0), facts);
    walk(operands.get(1), facts.and(afterFirst));
  }

  /** What {@code has(x.y)} and {@code x.?y} look into: the outputs of any step may be asked. */
  private void asked(CelExpr operand, Facts facts) {
    Reference reference = Reference.of(operand).orElse(null);
    if (reference == null || reference.length() != 3 || !reference.isOutputs()) {
      walk(operand, facts);
    }
  }

  private void taken(Reference reference, Facts facts) {
    if (reference.isOutputs() && !names.surelyDone(reference.step(), facts)) {
      notSurelyDone(reference);
      return;
    }
    ValueType type = variables.get(reference.root());
    for (int i = 1; i < reference.length() && type instanceof ValueType.Struct struct; i++) {
      ValueType.Field field = struct.fields().get(reference.names().get(i));
      if (field == null) {
        return;
      }
      if (!field.required() && !facts.contains(Facts.present(reference.path(i + 1)))) {
        notSurelyThere(reference, i);
        return;
      }
      type = field.type();
    }
  }

  private void notSurelyDone(Reference reference) {
    String step = reference.step();
    int from = places.startOfName(reference.ids().get(1), step);
    problems.add(
        new Problem(
            from,
            from + step.length(),
            "step-may-not-be-done",
            "Step `" + step + "` may have been skipped or given up, and then it has no outputs",
            "Guard it: `steps."
                + step
                + ".done ? … : …`, or give this step a `when` that says so"));
  }

  private void notSurelyThere(Reference reference, int index) {
    String name = reference.names().get(index);
    String path = reference.path(index + 1);
    int from = places.startOfName(reference.ids().get(index), name);
    problems.add(
        new Problem(
            from,
            from + name.length(),
            "value-may-be-absent",
            "`" + path + "` is optional and may not be there",
            "Write `"
                + reference.path(index)
                + ".?"
                + name
                + "` to pass it on only if it is, or guard it by `has("
                + path
                + ")`"));
  }
}
