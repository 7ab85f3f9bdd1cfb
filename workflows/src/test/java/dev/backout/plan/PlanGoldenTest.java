package dev.backout.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.GoldenFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plans and errors as the files in {@code plan/valid} and {@code plan/errors} expect. Regenerate:
 * {@code mvn -q -pl workflows -am test -Dtest=PlanGoldenTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dbackout.regenerate=true}
 */
class PlanGoldenTest {
  private static final Map<String, GivenInput> INPUTS =
      Map.of("home", GivenInput.text("/srv/harvester", "--input home"));

  @TestFactory
  Stream<DynamicTest> every_runbook_gives_the_plan_beside_it() {
    return GoldenFiles.cases("plan/valid", ".plan.json", PlanGoldenTest::plan);
  }

  @TestFactory
  Stream<DynamicTest> every_mistake_is_said_as_the_file_beside_it_expects() {
    return GoldenFiles.cases(
        "plan/errors",
        ".expected.txt",
        file -> PlanCases.problems(PlanCases.compiler().check(PlanCases.parse(file))));
  }

  private static String plan(Path file) {
    Compilation compilation = PlanCases.compiler().compile(PlanCases.parse(file), INPUTS);
    String warnings = PlanCases.problems(compilation);
    return compilation.plan().map(PlanGoldenTest::shown).orElse("") + warnings;
  }

  /** Without the runbooks' own texts, which stand in the case itself. */
  private static String shown(ExecutionPlan plan) {
    ObjectNode json = Json.MAPPER.valueToTree(plan);
    json.findParents("sources").forEach(parent -> ((ObjectNode) parent).remove("sources"));
    try {
      return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
