package dev.backout.testing;

import java.io.File;
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
        AnnotationSupport.findAnnotation(context.getElement(), RequiresProgram.class).stream()
            .flatMap(annotation -> Stream.of(annotation.value()))
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
