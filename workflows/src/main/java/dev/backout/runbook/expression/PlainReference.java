package dev.backout.runbook.expression;

import dev.cel.common.ast.CelExpr;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expression that is nothing but a name with fields, as most are. It needs no compiler, which
 * takes a command line a good part of its start.
 */
record PlainReference(List<String> names) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)+");

  /** Words that CEL keeps for itself: it shall say so. */
  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");

  /** Empty for every other expression. */
  static Optional<PlainReference> of(String cel) {
    if (!FORM.matcher(cel).matches()) {
      return Optional.empty();
    }
    List<String> names = List.of(cel.split("\\.", -1));
    return names.stream().anyMatch(RESERVED::contains)
        ? Optional.empty()
        : Optional.of(new PlainReference(names));
  }

  String root() {
    return names.get(0);
  }

  /** The same as a parser would have read it; the ids count the names from 1. */
  CelExpr expression() {
    CelExpr expression = CelExpr.ofIdent(1, root());
    for (int i = 1; i < names.size(); i++) {
      expression = CelExpr.ofSelect(i + 1L, expression, names.get(i), false);
    }
    return expression;
  }

  /** Where each name begins, by its id. */
  Map<Long, Integer> positions() {
    Map<Long, Integer> positions = new HashMap<>();
    int at = 0;
    for (int i = 0; i < names.size(); i++) {
      positions.put(i + 1L, at);
      at += names.get(i).length() + 1;
    }
    return positions;
  }

  /** Null if it is not there. */
  @Nullable Object value(Map<String, Object> variables) {
    Object value = variables;
    for (String name : names) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  /** The steps that it speaks of. */
  Set<String> steps() {
    return root().equals(Names.STEPS) ? Set.of(names.get(1)) : Set.of();
  }
}
