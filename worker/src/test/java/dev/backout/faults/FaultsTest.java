package dev.backout.faults;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backout.demo.HarvesterSite;
import dev.backout.demo.SiteSpec;
import dev.backout.faults.Boundary.Point;
import dev.backout.faults.Disturbance.Victim;
import dev.backout.faults.HarvesterRun.Outcome;
import dev.backout.testing.RequiresProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The harvester's emergency rollback, PostgreSQL gone, with processes killed on its way: what it
 * has done in the end, how often, and what is told of it are as in a run that nobody disturbed. A
 * few places in each build; with {@code -Dbackout.faults=all} every one.
 */
@RequiresProgram("temporal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
  /** In this order. Each changes something. */
  private static final List<String> ACTS =
      List.of(
          "stop_scheduler",
          "stop_api",
          "environment",
          "settings",
          "restore",
          "start_api",
          "start_scheduler");

  /** They only look; those after {@code postgres} are of the child runbook. */
  private static final List<String> LOOKS =
      List.of("backup", "disk", "postgres", "health", "rows", "discoveries", "errors");

  /** Most of a run's time is waiting for the silence of a dead worker to be long enough. */
  private static final int AT_ONCE = 8;

  private final ExecutorService runs = Executors.newFixedThreadPool(AT_ONCE);
  private Path root;
  private TemporalServer server;
  private String postgres;
  private Outcome undisturbed;

  @BeforeAll
  void playUndisturbed(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    server = TemporalServer.start(root.resolve("temporal"));
    try (HarvesterSite gone = HarvesterSite.layOut(root.resolve("postgres"), SiteSpec.demo())) {
      postgres = gone.databaseUrl();
      gone.killPostgres();
    }
    undisturbed = play("undisturbed", Disturbance.NONE);
    assertEquals("SUCCEEDED", undisturbed.state());
    assertEquals(Set.of(1), new HashSet<>(undisturbed.effects().values()));
    assertEquals(7, undisturbed.effects().size(), undisturbed.effects()::toString);
  }

  @AfterAll
  void end() {
    runs.shutdownNow();
    server.close();
  }

  @TestFactory
  Stream<DynamicTest> whatIsKilledOnTheWayChangesNothing() {
    List<Disturbance> chosen = chosen(System.getProperty("backout.faults", ""));
    List<Future<Outcome>> played =
        IntStream.range(0, chosen.size())
            .mapToObj(i -> runs.submit(() -> play("harvester-" + i, chosen.get(i))))
            .toList();
    return IntStream.range(0, chosen.size())
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    chosen.get(i).toString(),
                    () -> assertAsUndisturbed(chosen.get(i), played.get(i).get())));
  }

  /**
   * @param word {@code all}, the name of a victim for the few of that, or nothing
   */
  private static List<Disturbance> chosen(String word) {
    return word.equals("all")
        ? all()
        : few().stream().filter(each -> each.victim().name().contains(word)).toList();
  }

  /** The worker at each act and each point, by a diagonal; the others where it hurts. */
  private static List<Disturbance> few() {
    List<Disturbance> chosen = new ArrayList<>();
    for (int first = 0; first < 2; first++) {
      Set<Boundary> at = new HashSet<>();
      for (int i = first; i < ACTS.size(); i += 2) {
        at.add(new Boundary(ACTS.get(i), Point.values()[(i + 2) % Point.values().length]));
      }
      chosen.add(new Disturbance(Victim.WORKER, at));
    }
    chosen.add(
        new Disturbance(
            Victim.BACKGROUND,
            Set.of(
                new Boundary("environment", Point.LATE),
                new Boundary("restore", Point.MIDWAY),
                new Boundary("start_api", Point.DONE))));
    chosen.add(
        new Disturbance(
            Victim.SERVER,
            Set.of(
                new Boundary("stop_api", Point.ASKED), new Boundary("restore", Point.UNREPORTED))));
    chosen.add(Disturbance.of(Victim.FROZEN_WORKER, Point.MIDWAY, List.of("environment")));
    chosen.add(Disturbance.of(Victim.COMMAND, Point.ASKED, List.of("stop_api", "restore")));
    return chosen;
  }

  private static List<Disturbance> all() {
    List<Disturbance> chosen = new ArrayList<>();
    for (Point point : Point.values()) {
      for (int first = 0; first < 2; first++) {
        chosen.add(Disturbance.of(Victim.WORKER, point, everySecond(ACTS, first)));
        chosen.add(Disturbance.of(Victim.BACKGROUND, point, everySecond(ACTS, first)));
      }
      chosen.add(Disturbance.of(Victim.SERVER, point, ACTS));
    }
    for (Point point : List.of(Point.ASKED, Point.TAKEN)) {
      for (int first = 0; first < 2; first++) {
        chosen.add(Disturbance.of(Victim.WORKER, point, everySecond(LOOKS, first)));
      }
      chosen.add(Disturbance.of(Victim.WORKER_AND_SERVER, point, everySecond(ACTS, 1)));
    }
    for (String step : List.of("stop_api", "environment", "restore")) {
      chosen.add(Disturbance.of(Victim.FROZEN_WORKER, Point.MIDWAY, List.of(step)));
    }
    chosen.add(Disturbance.of(Victim.COMMAND, Point.ASKED, ACTS));
    return chosen;
  }

  private static List<String> everySecond(List<String> steps, int first) {
    return IntStream.range(0, steps.size())
        .filter(i -> i % 2 == first)
        .mapToObj(steps::get)
        .toList();
  }

  private void assertAsUndisturbed(Disturbance disturbance, Outcome outcome) {
    assertAll(
        () -> assertEquals(Set.of(), outcome.unmet(), "places that were never reached"),
        () -> assertEquals("SUCCEEDED", outcome.state()),
        () -> assertSame("how often each thing was done", Outcome::effects, outcome),
        () -> assertSame("what is left", Outcome::finalState, outcome),
        () -> assertSame("what status says", Outcome::steps, outcome),
        () -> {
          // A run that goes on with another one tells in its own history only what it did itself.
          if (disturbance.victim() != Victim.BACKGROUND) {
            assertSame("what is done by the history", Outcome::done, outcome);
          }
        },
        () -> assertEquals(List.of(), outcome.untruths()));
  }

  /** Only what differs, as most of it is the same. */
  private void assertSame(String what, Function<Outcome, Map<String, ?>> part, Outcome outcome) {
    Map<String, Object> expected = new TreeMap<>(part.apply(undisturbed));
    Map<String, Object> found = new TreeMap<>(part.apply(outcome));
    expected.entrySet().removeAll(part.apply(outcome).entrySet());
    found.entrySet().removeAll(part.apply(undisturbed).entrySet());
    assertEquals(expected, found, what);
  }

  private Outcome play(String name, Disturbance disturbance) throws Exception {
    Path directory = root.resolve(name);
    if (!Set.of(Victim.SERVER, Victim.WORKER_AND_SERVER).contains(disturbance.victim())) {
      return play(name, disturbance, server);
    }
    try (TemporalServer own = TemporalServer.start(directory.resolve("temporal"))) {
      return play(name, disturbance, own);
    }
  }

  private Outcome play(String name, Disturbance disturbance, TemporalServer on) throws Exception {
    try (HarvesterRun run =
        HarvesterRun.layOut(name, disturbance, on, root.resolve(name), postgres)) {
      return run.play();
    }
  }
}
