package dev.backout.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** The rules of the house. */
final class Rules {
  private static final String[] WORKFLOWS = {
    "dev.backout.catalog..",
    "dev.backout.runbook..",
    "dev.backout.plan..",
    "dev.backout.workflow..",
    "dev.backout.history.."
  };
  private static final String ACTIONS = "dev.backout.action..";

  /** What must give the same answer at every replay, on every machine. */
  private static final String[] DETERMINISTIC = {
    "dev.backout.catalog..",
    "dev.backout.runbook.expression..",
    "dev.backout.plan..",
    "dev.backout.workflow..",
    "dev.backout.history.."
  };

  static final ArchRule WORKFLOWS_KNOW_NO_ACTIONS =
      noClasses()
          .that()
          .resideInAnyPackage(WORKFLOWS)
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.backout..").and(not(resideInAnyPackage(WORKFLOWS))))
          .because("JSON and an activity's name are all that joins the two sides");

  static final ArchRule ACTIONS_KNOW_NO_RUNBOOKS =
      noClasses()
          .that()
          .resideInAPackage(ACTIONS)
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.backout..").and(not(resideInAPackage(ACTIONS))))
          .because("an action is told its input and nothing of the runbook it is in");

  static final ArchRule SYSTEMS_DO_NOT_KNOW_EACH_OTHER =
      slices()
          .matching("dev.backout.action.(**)")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(alwaysTrue(), resideInAPackage("dev.backout.action.program"))
          .ignoreDependency(alwaysTrue(), resideInAPackage("dev.backout.action.web"))
          .ignoreDependency(
              resideInAPackage("dev.backout.action.sync.."),
              resideInAnyPackage(
                  "dev.backout.action.sync..",
                  "dev.backout.action.postgres",
                  "dev.backout.action.sqlite"))
          .allowEmptyShould(true)
          .because(
              "what two systems share belongs into dev.backout.action, and how a program is run, or a web service spoken with, into its packages program and web; sync is there to join two databases");

  static final ArchRule NO_CYCLES =
      slices()
          .assignedFrom(new EachPackage())
          .should()
          .beFreeOfCycles()
          .because("a newcomer must be able to read one package after the other");

  static final ArchRule WORKFLOWS_TOUCH_NO_SYSTEM =
      noClasses()
          .that()
          .resideInAnyPackage(WORKFLOWS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "java.net.http..",
              "io.fabric8..",
              "org.postgresql..",
              "org.sqlite..")
          .because("only an activity may touch a system");

  static final ArchRule NO_CLOCK_OR_RANDOMNESS =
      noClasses()
          .that()
          .resideInAnyPackage(DETERMINISTIC)
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(java.time.LocalDateTime.class, "now")
          .orShould()
          .callMethod(java.time.ZonedDateTime.class, "now")
          .orShould()
          .callMethod(java.time.Clock.class, "systemUTC")
          .orShould()
          .callMethod(java.time.Clock.class, "systemDefaultZone")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(java.util.UUID.class, "randomUUID")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(
              java.util.Random.class,
              java.security.SecureRandom.class,
              java.util.concurrent.ThreadLocalRandom.class)
          .because("a replay must come to the same result");

  static final ArchRule NO_THREADS =
      noClasses()
          .that()
          .resideInAnyPackage(DETERMINISTIC)
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(
              Thread.class,
              java.util.concurrent.Executor.class,
              java.util.concurrent.ExecutorService.class,
              java.util.concurrent.CompletableFuture.class,
              java.util.concurrent.locks.Lock.class,
              java.util.Timer.class)
          .because(
              "Temporal schedules workflow code; its own promises and timers are the only ones that replay");

  static final ArchRule NO_INPUT_OR_OUTPUT =
      noClasses()
          .that()
          .resideInAnyPackage(DETERMINISTIC)
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(
              java.io.File.class,
              java.io.FileInputStream.class,
              java.io.FileOutputStream.class,
              java.io.RandomAccessFile.class,
              java.nio.file.Files.class,
              java.nio.channels.FileChannel.class,
              java.net.Socket.class,
              java.net.URLConnection.class,
              ProcessBuilder.class,
              ProcessHandle.class)
          .because("a run reads nothing but its plan and what its activities bring");

  static final ArchRule ACTIONS_ARE_FINAL_AND_HOLD_THEIR_TYPES =
      classes()
          .that()
          .implement("dev.backout.action.Action")
          .should()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
          .andShould()
          .beAnnotatedWith("dev.backout.action.ActionInfo")
          .allowEmptyShould(true)
          .because("one action is one class");

  private static final class EachPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith("dev.backout.")
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }

  private Rules() {}
}
