package dev.backout.testing;

import java.io.File;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

final class ProgramCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<String> missing =
        context.getElement().stream()
            .flatMap(ProgramCondition::programs)
            .filter(program -> !isThere(program))
            .toList();
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all that it needs is there");
    }
    String why =
        "needs " + String.join(", ", missing) + "; .ci/provision installs what can be installed";
    if ("1".equals(System.getenv("BACKOUT_REQUIRE_SYSTEMS"))) {
      throw new AssertionError(why + ", and BACKOUT_REQUIRE_SYSTEMS=1 allows no skipping");
    }
    return ConditionEvaluationResult.disabled(why);
  }

  /** Of all annotations: one may itself say what it needs, beside another that does. */
  private static Stream<String> programs(AnnotatedElement element) {
    return Stream.of(element.getAnnotations())
        .flatMap(
            annotation ->
                annotation instanceof RequiresProgram own
                    ? Stream.of(own.value())
                    : programsFor(annotation));
  }

  private static Stream<String> programsFor(Annotation annotation) {
    return AnnotationSupport.findAnnotation(annotation.annotationType(), RequiresProgram.class)
        .stream()
        .flatMap(needed -> Stream.of(needed.value()));
  }

  private static boolean isThere(String program) {
    if (program.equals("root")) {
      return "root".equals(System.getProperty("user.name"));
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, program))
        .anyMatch(Files::isExecutable);
  }
}
