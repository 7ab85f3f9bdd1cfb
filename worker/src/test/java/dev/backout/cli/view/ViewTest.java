package dev.backout.cli.view;

import static dev.backout.cli.view.Samples.after;
import static dev.backout.cli.view.Samples.look;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus;
import dev.backout.history.Timeline.Entry;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewTest {
  private static final Map<String, Function<Look, String>> VIEWS =
      Map.of(
          "status-waiting",
          look -> new StatusView(Samples.waiting(), after(62)).page(look).text(),
          "status-failed",
          look -> new StatusView(Samples.failed(), after(100)).page(look).text(),
          "status-succeeded",
          look -> new StatusView(Samples.succeeded(), after(900)).page(look).text(),
          "timeline",
          look -> new TimelineView(Samples.timeline()).page(look).text(),
          "runs",
          look -> new RunsView(Samples.runs(), List.of(), after(400)).page(look).text(),
          "plan",
          look -> new PlanView(Samples.plan(), Samples.preview()).page(look).text(),
          "prediction",
          look -> new PredictionView(Samples.prediction()).page(look).text(),
          "prediction-too-few",
          look -> new PredictionView(Samples.guess()).page(look).text(),
          "plan-not-asked",
          look -> new PlanView(Samples.plan(), null).page(look).text());

  static Stream<Arguments> viewsAndWidths() {
    return VIEWS.keySet().stream()
        .sorted()
        .flatMap(view -> Stream.of(40, 80, 120).map(width -> Arguments.of(view, width)));
  }

  private static String shown(String view, Look look) {
    Function<Look, String> made = VIEWS.get(view);
    return made == null ? "" : made.apply(look);
  }

  @ParameterizedTest(name = "{0} in {1} columns")
  @MethodSource("viewsAndWidths")
  void readsAsItIsWrittenDown(String view, int width) {
    Golden.assertIs("view/" + view + "." + width, shown(view, look(width)));
  }

  @ParameterizedTest(name = "{0} in {1} columns")
  @MethodSource("viewsAndWidths")
  void colourChangesNoText(String view, int width) {
    Look coloured = new Look(width, true, true, ZoneOffset.UTC);

    String text = shown(view, coloured);

    assertTrue(text.contains("\u001b["), text);
    assertEquals(shown(view, look(width)), text.replaceAll("\u001b\\[[0-9;]*m", ""));
  }

  @ParameterizedTest(name = "{0} in {1} columns")
  @MethodSource("viewsAndWidths")
  void withoutUnicodeTheStatesAreStillToldApart(String view, int width) {
    Look ascii = new Look(width, false, false, ZoneOffset.UTC);

    String own = shown(view, ascii).replaceAll("[–…\uFFFD重要な手順]", "");

    assertTrue(own.chars().allMatch(c -> c < 128), own);
  }

  @Test
  void aColouredPlanShowsWhatIsAddedAndTakenAway() {
    Golden.assertIs(
        "view/plan.80.colour",
        shown("plan", new Look(80, true, true, ZoneOffset.UTC)).replace("\u001b", "\\e"));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 120})
  void aLiveFrameIsNeverWiderOrHigherThanTheTerminal(int width) {
    for (RunStatus run :
        List.of(
            Samples.waiting(), Samples.failed(), Samples.succeeded(), Samples.lengthy(200, 120))) {
      for (int height = 4; height < 40; height++) {
        List<Line> lines =
            new LiveFrame(run, after(80)).lines(look(width), height, List.of(Line.of("keys")));
        assertTrue(lines.size() <= height, () -> run.state() + " is too high");
        lines.forEach(line -> assertTrue(line.width() <= width, line.text(false)));
      }
    }
  }

  @Test
  void aStepThatIsSureToBeSkippedIsShownAsSuchAndItsBudgetIsNotCounted() {
    String shown = new PlanView(Samples.planWithSkip(), null).page(look(120)).text();

    assertTrue(shown.contains("Would be skipped: `inputs.home == ''` does not hold."), shown);
    assertTrue(shown.contains("Budgets add up to 7m;"), shown);
    assertTrue(
        PlanView.inHaste(Samples.planWithSkip()).page(look(120)).text().contains("add up to 37m"));
  }

  @Test
  void aLongRunShowsTheStepsAroundTheOneThatRuns() {
    Golden.assertIs("view/live-long.40x12", frame(Samples.lengthy(200, 120), 40, 12));
  }

  @Test
  void aLiveFrameThatWaitsShowsTheCommand() {
    Golden.assertIs("view/live-waiting.80x24", frame(Samples.waiting(), 80, 24));
    Golden.assertIs("view/live-failed.40x24", frame(Samples.failed(), 40, 24));
  }

  private static String frame(RunStatus run, int width, int height) {
    StringBuilder text = new StringBuilder();
    new LiveFrame(run, after(80))
        .lines(look(width), height, List.of())
        .forEach(line -> text.append(line.text(false)).append('\n'));
    return text.toString();
  }

  @Test
  void whatASystemSaysCannotMoveTheCursor() {
    Entry entry = Samples.timeline().entries().get(5);

    String line = TimelineView.event(entry, look(80)).text(false);

    assertFalse(line.contains("\u001b"), line);
    assertTrue(line.contains("held open by process 4711"), line);
  }

  @Test
  void durationsReadAsPeopleSayThem() {
    assertEquals("0.4s", Times.took(Duration.ofMillis(449)));
    assertEquals("12s", Times.took(Duration.ofMillis(12_900)));
    assertEquals("2m05s", Times.took(Duration.ofSeconds(125)));
    assertEquals("1h02m", Times.took(Duration.ofMinutes(62)));
    assertEquals("3d04h", Times.took(Duration.ofHours(76)));
    assertEquals("1h30m", Times.limit(Duration.ofMinutes(90)));
  }

  @Test
  void wideCharactersAreCountedAsTheTerminalCountsThem() {
    Line line = Line.of("重要な手順");

    assertEquals(10, line.width());
    assertEquals("重要…", line.cut(6, look(40)).text(false));
  }
}
