package dev.backout.architecture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plain test methods on ArchUnit's core, so that a violated rule can't go unnoticed by the test
 * runner.
 */
class ArchitectureTest {
  private static JavaClasses house;
  private static JavaClasses planted;

  @BeforeAll
  static void readTheClasses() {
    house =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.backout");
    planted =
        new ClassFileImporter()
            .importPackages("dev.backout.workflow.planted", "dev.backout.action.planted");
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of("workflows know no actions", Rules.WORKFLOWS_KNOW_NO_ACTIONS),
        Arguments.of("actions know no runbooks", Rules.ACTIONS_KNOW_NO_RUNBOOKS),
        Arguments.of("systems do not know each other", Rules.SYSTEMS_DO_NOT_KNOW_EACH_OTHER),
        Arguments.of("no cycles between packages", Rules.NO_CYCLES),
        Arguments.of("workflows touch no system", Rules.WORKFLOWS_TOUCH_NO_SYSTEM),
        Arguments.of("no clock or randomness in workflow code", Rules.NO_CLOCK_OR_RANDOMNESS),
        Arguments.of("no threads in workflow code", Rules.NO_THREADS),
        Arguments.of("no input or output in workflow code", Rules.NO_INPUT_OR_OUTPUT),
        Arguments.of("an action is one final class", Rules.ACTIONS_ARE_FINAL_AND_HOLD_THEIR_TYPES));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theHouseKeepsTheRule(String name, ArchRule rule) {
    rule.check(house);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void aPlantedViolationBreaksTheRule(String name, ArchRule rule) {
    assertThrows(AssertionError.class, () -> rule.check(planted));
  }

  @Test
  void theRulesSeeTheWholeHouseAndNoTests() {
    assertTrue(house.contain("dev.backout.workflow.RunbookWorkflow"));
    assertTrue(house.contain("dev.backout.action.Action"));
    assertFalse(house.contain(ArchitectureTest.class));
  }
}
