package dev.backout.faults;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  /** Whom a server that is shared with other runs is no good for. */
  private static final Set<Victim> OF_ITS_OWN =
      Set.of(Victim.SERVER, Victim.SERVER_FOR_LONG, Victim.WORKER_AND_SERVER);

  /** Most of a run's time is waiting for the silence of a dead worker to be long enough. */
  private static final int AT_ONCE = 8;

  private static final int BESIDE = 4;

  private final ExecutorService runs = Executors.newFixedThreadPool(AT_ONCE);
  private Path root;
  private TemporalServer server;
  private String postgres;
  private Future<Outcome> unplayed;

  @BeforeAll
  void begin(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    server = TemporalServer.start(root.resolve("temporal"));
    try (HarvesterSite gone = HarvesterSite.layOut(root.resolve("postgres"), SiteSpec.demo())) {
      postgres = gone.databaseUrl();
      gone.killPostgres();
    }
    unplayed = runs.submit(() -> play("undisturbed", Disturbance.NONE));
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
    return Stream.concat(
        Stream.of(DynamicTest.dynamicTest("nobody", () -> assertWell(unplayed.get()))),
        IntStream.range(0, chosen.size())
            .mapToObj(
                i ->
                    DynamicTest.dynamicTest(
                        chosen.get(i).toString(),
                        () -> assertAsUndisturbed(chosen.get(i), played.get(i).get()))));
  }

  private static void assertWell(Outcome undisturbed) {
    assertEquals("SUCCEEDED", undisturbed.state());
    assertEquals(Set.of(1), new HashSet<>(undisturbed.effects().values()));
    assertEquals(7, undisturbed.effects().size(), undisturbed.effects()::toString);
  }

  /**
   * @param words nothing for the few, {@code all}, or {@code all} and, after a blank, what the name
   *     of those contains that are wanted
   */
  private static List<Disturbance> chosen(String words) {
    String part = words.startsWith("all ") ? words.substring("all ".length()) : "";
    return (words.startsWith("all") ? all() : few())
        .stream().filter(each -> each.toString().contains(part)).toList();
  }

  /** The worker at each act and each point, by a diagonal; the others where it hurts. */
  private static List<Disturbance> few() {
    List<Disturbance> chosen = new ArrayList<>();
    // No more than two in one run: they are waited for one after the other, and runs beside.
    for (int first = 0; first < BESIDE; first++) {
      Set<Boundary> at = new HashSet<>();
      for (int i = first; i < ACTS.size(); i += BESIDE) {
        at.add(new Boundary(ACTS.get(i), Point.values()[(i + 2) % Point.values().length]));
      }
      chosen.add(new Disturbance(Victim.WORKER, at));
    }
    chosen.add(Disturbance.of(Victim.SERVER_FOR_LONG, Point.LATE, List.of("restore")));
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
    for (Point point : List.of(Point.NOTED, Point.MIDWAY, Point.LATE, Point.DONE)) {
      chosen.add(Disturbance.of(Victim.SERVER_FOR_LONG, point, everySecond(ACTS, 0)));
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
        () -> assertEquals(List.of(), outcome.untruths()),
        () -> {
          if (disturbance.victim() == Victim.SERVER_FOR_LONG) {
            assertEquals(List.of(), outcome.asked(), "what the journal could have settled");
            assertTrue(
                outcome.examined().stream().anyMatch(said -> said.contains("noted its end")),
                outcome.examined()::toString);
          }
        });
  }

  /** Only what differs, as most of it is the same. */
  private void assertSame(String what, Function<Outcome, Map<String, ?>> part, Outcome outcome)
      throws Exception {
    Outcome undisturbed = unplayed.get();
    Map<String, Object> expected = new TreeMap<>(part.apply(undisturbed));
    Map<String, Object> found = new TreeMap<>(part.apply(outcome));
    expected.entrySet().removeAll(part.apply(outcome).entrySet());
    found.entrySet().removeAll(part.apply(undisturbed).entrySet());
    assertEquals(expected, found, what);
  }

  private Outcome play(String name, Disturbance disturbance) throws Exception {
    Path directory = root.resolve(name);
    if (!OF_ITS_OWN.contains(disturbance.victim())) {
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
