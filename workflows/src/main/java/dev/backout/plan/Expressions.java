package dev.backout.plan;

import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Expression;
import dev.backout.runbook.SourceRange;
import dev.backout.runbook.Template;
import dev.backout.runbook.expression.Checked;
import dev.backout.runbook.expression.ExpressionChecker;
import dev.backout.runbook.expression.Names;
import dev.backout.runbook.expression.Problem;
import dev.backout.runbook.expression.TemplateText;
import dev.backout.runbook.expression.TypeText;
import java.util.ArrayList;
import java.util.List;

/** Checks the expressions of one file and says at their own places what is wrong with them. */
final class Expressions {
  private final Diagnostics diagnostics;

  Expressions(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  Checked check(Expression expression, Names names) {
    Checked checked = ExpressionChecker.check(expression.cel(), names);
    for (Problem problem : checked.problems()) {
      diagnostics.error(
          expression.range(problem.from(), problem.to()),
          problem.code(),
          problem.message(),
          problem.hint());
    }
    return checked;
  }

  /** That it is true or false. */
  Checked condition(Expression expression, Names names) {
    Checked checked = check(expression, names);
    boolean holds =
        checked.type() instanceof ValueType.Any
            || (checked.type() instanceof ValueType.Scalar scalar
                && scalar.kind() == ScalarKind.BOOLEAN);
    if (!holds || checked.optional()) {
      diagnostics.error(
          expression.range(),
          "wrong-type",
          "Expected a condition, found " + TypeText.one(checked.type()),
          "Compare it with something, so that it is true or false");
    }
    return checked;
  }

  List<String> conditions(List<Expression> expressions, Names names) {
    expressions.forEach(expression -> condition(expression, names));
    return expressions.stream().map(expression -> expression.cel().strip()).toList();
  }

  /** A text that people read. */
  String text(Template template, Names names) {
    template.expressions().forEach(expression -> inText(expression, names));
    return written(template);
  }

  /** That its value can stand within a text. */
  Checked inText(Expression expression, Names names) {
    Checked checked = check(expression, names);
    ValueType type = checked.type();
    if (checked.optional()) {
      absent(expression.range());
    } else if (!(type instanceof ValueType.Scalar
        || type instanceof ValueType.OneOf
        || type instanceof ValueType.Any)) {
      diagnostics.error(
          expression.range(),
          "wrong-type",
          "Within a text a single value is wanted, found " + TypeText.one(type),
          type instanceof ValueType.ListOf ? "Join it: `….join(', ')`" : "Name one of its fields");
    }
    return checked;
  }

  void absent(SourceRange range) {
    diagnostics.error(
        range,
        "value-may-be-absent",
        "This may give nothing, and here a value is needed",
        "Say what stands in for it: `….orValue(…)`");
  }

  /** The template as a plan writes it, whatever spacing the runbook has. */
  static String written(Template template) {
    if (template.whole().isPresent()) {
      return written(template.whole().get());
    }
    List<TemplateText.Part> parts = new ArrayList<>();
    for (Template.Part part : template.parts()) {
      if (part instanceof Template.Literal literal) {
        parts.add(new TemplateText.Text(literal.text()));
      } else if (part instanceof Template.Hole hole) {
        parts.add(new TemplateText.Cel(hole.expression().cel().strip()));
      }
    }
    return new TemplateText(parts).text();
  }

  /** A text without expressions as a plan writes it. */
  static String written(String literal) {
    return new TemplateText(List.of(new TemplateText.Text(literal))).text();
  }

  static String written(Expression expression) {
    return new TemplateText(List.of(new TemplateText.Cel(expression.cel().strip()))).text();
  }
}
