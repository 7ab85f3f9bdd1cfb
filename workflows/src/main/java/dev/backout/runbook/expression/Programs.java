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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Expressions made ready to run, once each. Types are not looked at here: that was done when the
 * plan was made, and a plan outlives the release that made it.
 */
public final class Programs {
  /**
   * Made when it is needed: a command that only starts a run often evaluates plain references
   * alone.
   */
  private static final class Runtime {
    private static final CelRuntime CEL = CelDialect.runtime();
  }

  private record Key(String expression, Set<String> variables) {}

  /** An expression that can be evaluated. */
  public static final class Ready {
    private final String expression;
    private final Set<String> steps;
    private final @Nullable PlainReference reference;
    private final Supplier<CelRuntime.Program> program;

    private Ready(
        String expression,
        Set<String> steps,
        @Nullable PlainReference reference,
        Supplier<CelRuntime.Program> program) {
      this.expression = expression;
      this.steps = steps;
      this.reference = reference;
      this.program = program;
    }

    /** The ids of the steps that it speaks of. */
    public Set<String> steps() {
      return steps;
    }

    /**
     * Its value.
     *
     * @throws EvaluationException if it gives no value
     */
    public Object evaluate(Map<String, Object> variables) {
      Object found = reference == null ? null : reference.value(variables);
      return found == null ? run(variables) : found;
    }

    private Object run(Map<String, Object> variables) {
      try {
        return program.get().eval(variables);
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
    PlainReference reference = PlainReference.of(key.expression()).orElse(null);
    if (reference != null) {
      return new Ready(
          key.expression(), reference.steps(), reference, () -> program(key, ast(key)));
    }
    CelAbstractSyntaxTree ast = ast(key);
    CelRuntime.Program program = program(key, ast);
    return new Ready(key.expression(), StepReferences.in(ast.getExpr()), null, () -> program);
  }

  private CelAbstractSyntaxTree ast(Key key) {
    try {
      return compilers
          .computeIfAbsent(key.variables(), Programs::compiler)
          .compile(key.expression())
          .getAst();
    } catch (CelValidationException e) {
      throw notUnderstood(key, e);
    }
  }

  private static CelRuntime.Program program(Key key, CelAbstractSyntaxTree ast) {
    try {
      return Runtime.CEL.createProgram(ast);
    } catch (CelEvaluationException e) {
      throw notUnderstood(key, e);
    }
  }

  private static EvaluationException notUnderstood(Key key, Exception e) {
    return new EvaluationException(
        "The expression `" + key.expression() + "` can't be understood: " + e.getMessage(), e);
  }

  private static CelCompiler compiler(Set<String> variables) {
    CelCompilerBuilder builder = CelDialect.compiler();
    variables.forEach(name -> builder.addVar(name, SimpleType.DYN));
    return builder.build();
  }
}
