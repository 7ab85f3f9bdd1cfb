package dev.backout.runbook;

import java.util.List;
import java.util.Optional;

/**
 * A string that may hold <code>${{ … }}</code>.
 *
 * @param text as the runbook says it, after YAML's own escapes
 * @param parts the same in pieces, in order; empty for an empty string
 */
public record Template(String text, List<Part> parts, SourceRange range) {

  public sealed interface Part {}

  public record Literal(String text) implements Part {}

  public record Hole(Expression expression) implements Part {}

  /** The expression, where the whole string is one: its value keeps its type. */
  public Optional<Expression> whole() {
    List<Part> said =
        parts.stream().filter(part -> !(part instanceof Literal l && l.text().isBlank())).toList();
    return said.size() == 1 && said.get(0) instanceof Hole hole
        ? Optional.of(hole.expression())
        : Optional.empty();
  }

  public List<Expression> expressions() {
    return parts.stream()
        .filter(Hole.class::isInstance)
        .map(part -> ((Hole) part).expression())
        .toList();
  }

  public boolean isLiteral() {
    return parts.stream().noneMatch(Hole.class::isInstance);
  }
}
