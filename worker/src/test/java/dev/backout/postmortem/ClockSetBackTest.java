package dev.backout.postmortem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.cli.view.Look;
import dev.backout.cli.view.StatusView;
import dev.backout.cli.view.TimelineView;
import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.Timeline;
import dev.backout.plan.Json;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recorded runs, as if the server's clock had been set in the middle of each: what is told of them
 * is the same but for its times, and nothing took less than no time.
 */
class ClockSetBackTest {
  private static final Path RECORDED =
      Path.of("..", "workflows", "src", "test", "resources", "histories");
  private static final Pattern MOMENT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");

  /** {@code -2m05s}, {@code +-3s}, {@code -1 h 59 min}, {@code PT-3S}; no date and no option. */
  private static final Pattern NEGATIVE =
      Pattern.compile("PT-|(?<![\\w.-])\\+?-\\d+(\\.\\d+)? ?(ms|s|m|h|d|min)\\b|\"-\\d");

  static Stream<Path> histories() throws IOException {
    try (Stream<Path> files = Files.list(RECORDED)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("histories")
  void nothingTookLessThanNoTime(Path file) throws Exception {
    Timeline told = read(Json.MAPPER.readTree(file.toFile()));
    for (Duration jump : List.of(Duration.ofHours(-2), Duration.ofHours(2))) {
      JsonNode altered = Json.MAPPER.readTree(file.toFile());
      jump(altered, jump);
      Timeline timeline = read(altered);

      assertEquals(told.status().state(), timeline.status().state());
      assertEquals(
          told.entries().stream().map(Timeline.Entry::type).toList(),
          timeline.entries().stream().map(Timeline.Entry::type).toList());
      Look look = new Look(120, false, true, ZoneOffset.UTC);
      Instant behind = timeline.status().startedAt().minus(Duration.ofHours(3));
      List<String> screens =
          List.of(
              new StatusView(timeline.status(), behind).page(look).text(),
              new TimelineView(timeline).page(look).text(),
              Format.MD.render(Report.of(timeline, null)),
              Format.JSON.render(Report.of(timeline, null)),
              Json.MAPPER.writeValueAsString(timeline));
      for (String screen : screens) {
        assertFalse(NEGATIVE.matcher(screen).find(), screen);
      }
    }
  }

  private static Timeline read(JsonNode history) {
    return new HistoryReader(Payloads.CONVERTER)
        .read(WorkflowExecutionHistory.fromJson(history.toString(), "backout/shop"));
  }

  /** In the second half of the history, where events of Temporal and those in markers say it. */
  private static void jump(JsonNode history, Duration by) {
    JsonNode events = history.get("events");
    for (int i = events.size() / 2; i < events.size(); i++) {
      ObjectNode event = (ObjectNode) events.get(i);
      event.put("eventTime", moved(event.path("eventTime").asText(), by));
      payloads(event, by);
    }
  }

  private static void payloads(JsonNode node, Duration by) {
    if (node instanceof ObjectNode object && object.path("data").isTextual()) {
      String content =
          new String(
              Base64.getDecoder().decode(object.get("data").asText()), StandardCharsets.UTF_8);
      object.put(
          "data",
          Base64.getEncoder().encodeToString(moved(content, by).getBytes(StandardCharsets.UTF_8)));
    }
    node.forEach(child -> payloads(child, by));
  }

  private static String moved(String text, Duration by) {
    return MOMENT
        .matcher(text)
        .replaceAll(found -> Instant.parse(found.group()).plus(by).toString());
  }
}
