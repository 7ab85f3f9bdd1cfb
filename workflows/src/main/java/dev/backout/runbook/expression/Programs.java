package dev.backout.runbook.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Expressions made ready to run, once each. Types are not looked at here: that was done when the
 * plan was made, and a plan outlives the release that made it.
 */
public final class Programs {

  private record Key(String expression, Set<String> variables) {}

  /**
   * An expression that can be evaluated.
   *
   * @param steps the ids of the steps that it speaks of
   */
  public record Ready(String expression, CelRuntime.Program program, Set<String> steps) {

    /**
     * Its value.
     *
     * @throws EvaluationException if it gives no value
     */
    public Object evaluate(Map<String, Object> variables) {
      try {
        return program.eval(variables);
      } catch (CelEvaluationException e) {
        throw new EvaluationException(
            "The expression `" + expression + "` has no value: " + reason(e) + ".", e);
      }
    }

    private static String reason(CelEvaluationException e) {
      String message = String.valueOf(e.getMessage());
      return message.replaceFirst("^evaluation error( at [^:]*:\\d+)?: ", "");
    }
  }

  private final Map<Set<String>, CelCompiler> compilers = new ConcurrentHashMap<>();
  private final Map<Key, Ready> ready = new ConcurrentHashMap<>();

  /**
   * The expression, compiled at most once.
   *
   * @param variables the names that the expression may use
   * @throws EvaluationException if it is not CEL
   */
  public Ready get(String expression, Set<String> variables) {
    return ready.computeIfAbsent(new Key(expression, Set.copyOf(variables)), this::compile);
  }

  private Ready compile(Key key) {
    try {
      CelAbstractSyntaxTree ast =
          compilers
              .computeIfAbsent(key.variables(), Programs::compiler)
              .compile(key.expression())
              .getAst();
      return new Ready(
          key.expression(),
          CelDialect.RUNTIME.createProgram(ast),
          StepReferences.in(ast.getExpr()));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new EvaluationException(
          "The expression `" + key.expression() + "` can't be understood: " + e.getMessage(), e);
    }
  }

  private static CelCompiler compiler(Set<String> variables) {
    CelCompilerBuilder builder = CelDialect.compiler();
    variables.forEach(name -> builder.addVar(name, SimpleType.DYN));
    return builder.build();
  }
}
