package dev.backout.runbook.expression;

import dev.backout.catalog.ValueType;
import dev.backout.runbook.Suggestion;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** That the fields and steps that an expression names are there. */
final class ReferenceCheck {
  static final String OPTIONAL_SELECT = "_?._";

  private final Map<String, ValueType> variables;
  private final Names names;
  private final Places places;
  private final List<Problem> problems = new ArrayList<>();

  private ReferenceCheck(Names names, Places places) {
    this.variables = names.variables();
    this.names = names;
    this.places = places;
  }

  static List<Problem> check(CelExpr expression, Names names, Places places) {
    ReferenceCheck check = new ReferenceCheck(names, places);
    check.walk(expression);
    return check.problems;
  }

  /** The type of what a reference names; empty if only CEL can tell. */
  static Optional<ValueType.Field> typeOf(Reference reference, Map<String, ValueType> variables) {
    ValueType type = variables.get(reference.root());
    if (type == null) {
      return Optional.empty();
    }
    ValueType.Field field = new ValueType.Field(type, "", true, null);
    for (String name : reference.names().subList(1, reference.length())) {
      if (!(field.type() instanceof ValueType.Struct struct)) {
        return Optional.empty();
      }
      ValueType.Field next = struct.fields().get(name);
      if (next == null) {
        return Optional.empty();
      }
      field = next;
    }
    return Optional.of(field);
  }

  private void walk(CelExpr expression) {
    Reference reference = Reference.of(expression).orElse(null);
    if (reference != null) {
      resolve(reference, null);
      return;
    }
    if (expression.getKind() == CelExpr.ExprKind.Kind.COMPREHENSION) {
      shadowing(expression);
    }
    if (Conditions.function(expression).equals(OPTIONAL_SELECT) && optionalSelect(expression)) {
      return;
    }
    Children.of(expression).forEach(this::walk);
  }

  private void shadowing(CelExpr loop) {
    String variable = loop.comprehension().iterVar();
    if (variables.containsKey(variable)) {
      int at = places.startOfName(loop.id(), variable);
      add(
          at,
          at + variable.length(),
          "shadowed-name",
          "`" + variable + "` is the name of something else here",
          "Choose another name for the variable");
    }
  }

  private boolean optionalSelect(CelExpr expression) {
    List<CelExpr> args = expression.call().args();
    Reference reference = Reference.of(args.get(0)).orElse(null);
    if (reference == null
        || args.get(1).constantOrDefault().getKind() != CelConstant.Kind.STRING_VALUE) {
      return false;
    }
    resolve(reference, args.get(1));
    return true;
  }

  private void resolve(Reference reference, @Nullable CelExpr optionalField) {
    ValueType type = variables.get(reference.root());
    if (type == null) {
      return;
    }
    for (int i = 1; i < reference.length(); i++) {
      String name = reference.names().get(i);
      ValueType next = field(type, name);
      if (next == null) {
        missing(reference, i, type);
        return;
      }
      type = next;
    }
    if (optionalField != null) {
      String name = optionalField.constant().stringValue();
      if (field(type, name) == null) {
        missing(
            places.startOfName(optionalField.id(), name),
            name,
            reference.path(reference.length()),
            ((ValueType.Struct) type).fields().keySet());
      }
    }
  }

  /** Null if it is known not to be there. */
  private static @Nullable ValueType field(ValueType type, String name) {
    if (!(type instanceof ValueType.Struct struct)) {
      return type instanceof ValueType.MapOf map ? map.value() : new ValueType.Any();
    }
    ValueType.Field field = struct.fields().get(name);
    return field == null ? null : field.type();
  }

  private void missing(Reference reference, int index, ValueType owner) {
    String name = reference.names().get(index);
    int from = places.startOfName(reference.ids().get(index), name);
    if (index == 1 && reference.isStep()) {
      missingStep(from, name);
    } else {
      missing(from, name, reference.path(index), ((ValueType.Struct) owner).fields().keySet());
    }
  }

  private void missing(int from, String name, String owner, Collection<String> known) {
    add(
        from,
        from + name.length(),
        "unknown-field",
        "`" + owner + "` has no field `" + name + "`",
        suggestion(name, known));
  }

  private void missingStep(int from, String name) {
    Names.Hidden hidden = names.hidden(name);
    if (hidden != null) {
      add(from, from + name.length(), hidden.code(), hidden.message(), hidden.hint());
    } else {
      add(
          from,
          from + name.length(),
          "unknown-step",
          "There is no step `" + name + "` in this runbook",
          suggestion(name, names.stepIds()));
    }
  }

  private static @Nullable String suggestion(String name, Collection<String> known) {
    Optional<String> nearest = Suggestion.nearest(name, known);
    if (nearest.isPresent()) {
      return "Did you mean `" + nearest.get() + "`?";
    }
    if (known.isEmpty()) {
      return "It has none";
    }
    return known.size() > 20 ? null : "It has `" + String.join("`, `", known) + "`";
  }

  private void add(int from, int to, String code, String message, @Nullable String hint) {
    problems.add(new Problem(from, to, code, message, hint));
  }
}
