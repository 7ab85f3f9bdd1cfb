package dev.backout.runbook.expression;

import dev.cel.common.CelOptions;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

/**
 * The CEL that runbooks are written in: the standard, optional values, and more on text and lists.
 */
final class CelDialect {
  private static final int MAX_LENGTH = 10_000;
  private static final int MAX_ITERATIONS = 1_000_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableOptionalSyntax(true)
          .enableHeterogeneousNumericComparisons(true)
          .enableTimestampEpoch(true)
          .evaluateCanonicalTypesToNativeValues(true)
          .populateMacroCalls(true)
          .maxExpressionCodePointSize(MAX_LENGTH)
          .comprehensionMaxIterations(MAX_ITERATIONS)
          .build();

  private CelDialect() {}

  static CelRuntime runtime() {
    return CelRuntimeFactory.legacyCelRuntimeBuilder()
        .setOptions(OPTIONS)
        .addLibraries(CelExtensions.optional(), CelExtensions.strings(), CelExtensions.lists())
        .addLibraries(CelExtensions.math())
        .build();
  }

  static CelCompilerBuilder compiler() {
    return CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(OPTIONS)
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .addLibraries(CelExtensions.optional(), CelExtensions.strings(), CelExtensions.lists())
        .addLibraries(CelExtensions.math());
  }
}
