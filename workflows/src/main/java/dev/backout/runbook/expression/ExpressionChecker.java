package dev.backout.runbook.expression;

import dev.backout.catalog.ValueType;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompiler;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks an expression before anything runs: what it names, its types, and that it has a value. */
public final class ExpressionChecker {
  private ExpressionChecker() {}

  /**
   * Loads what the first expression needs, which takes longer than the expressions of a runbook:
   * for a thread that has nothing else to do.
   */
  public static void prepare() {
    Checked unused = check("run.id != ''", Names.of(new ValueType.Struct(Map.of())));
  }

  public static Checked check(String cel, Names names) {
    return PlainReference.of(cel)
        .filter(reference -> names.hasVariable(reference.root()))
        .flatMap(reference -> plain(cel, reference, names))
        .orElseGet(() -> any(cel, names));
  }

  /** Empty if only CEL can tell the type. */
  private static Optional<Checked> plain(String cel, PlainReference reference, Names names) {
    CelExpr expression = reference.expression();
    Places places = new Places(cel, reference.positions());
    List<Problem> problems = ReferenceCheck.check(expression, names, places);
    if (!problems.isEmpty()) {
      return Optional.of(Checked.wrong(problems));
    }
    return named(expression, names)
        .map(
            type -> {
              List<Problem> absent = PresenceCheck.check(expression, names, places);
              return absent.isEmpty()
                  ? new Checked(type, false, List.of(), new Conditions(names).whenTrue(expression))
                  : Checked.wrong(absent);
            });
  }

  private static Checked any(String cel, Names names) {
    CelCompiler compiler = names.types().compiler();
    CelValidationResult parsed = compiler.parse(cel);
    if (parsed.hasError()) {
      return Checked.wrong(List.of(new CelIssues(cel, names).syntax(parsed.getErrors().get(0))));
    }
    CelAbstractSyntaxTree ast = ast(parsed);
    List<Problem> problems = ReferenceCheck.check(ast.getExpr(), names, Places.of(cel, ast));
    return problems.isEmpty() ? types(cel, compiler.check(ast), names) : Checked.wrong(problems);
  }

  private static Checked types(String cel, CelValidationResult checked, Names names) {
    if (checked.hasError()) {
      CelIssues issues = new CelIssues(cel, names);
      return Checked.wrong(checked.getErrors().stream().map(issues::type).distinct().toList());
    }
    CelAbstractSyntaxTree ast = ast(checked);
    List<Problem> problems = PresenceCheck.check(ast.getExpr(), names, Places.of(cel, ast));
    return problems.isEmpty() ? sound(cel, ast, names) : Checked.wrong(problems);
  }

  private static Checked sound(String cel, CelAbstractSyntaxTree ast, Names names) {
    CelExpr expression = ast.getExpr();
    CelType celType = ast.getResultType();
    Facts whenTrue = new Conditions(names).whenTrue(expression);
    Optional<ValueType> type = named(expression, names).or(() -> names.types().fromCel(celType));
    return type.map(t -> new Checked(t, CelTypes.isOptional(celType), List.of(), whenTrue))
        .orElseGet(
            () ->
                Checked.wrong(
                    List.of(
                        new Problem(
                            0,
                            cel.length(),
                            "wrong-type",
                            "This gives `" + celType.name() + "`, which no field can take",
                            null))));
  }

  /** What the runbook's own types say, which are finer than CEL's: a path is not just a text. */
  private static Optional<ValueType> named(CelExpr expression, Names names) {
    return Reference.of(expression)
        .filter(reference -> !isTest(expression))
        .flatMap(reference -> ReferenceCheck.typeOf(reference, names.variables()))
        .map(ValueType.Field::type);
  }

  private static boolean isTest(CelExpr expression) {
    return expression.getKind() == CelExpr.ExprKind.Kind.SELECT && expression.select().testOnly();
  }

  private static CelAbstractSyntaxTree ast(CelValidationResult result) {
    try {
      return result.getAst();
    } catch (CelValidationException e) {
      throw new IllegalStateException("It has been seen to have no errors.", e);
    }
  }
}
