package dev.backout.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @ValueSource(strings = {"90s", "15m", "24h", "7d", "250ms", "1h30m", "1d2h3m4s5ms", "PT1M30S"})
  void whatIsWrittenIsReadAndWrittenTheSame(String text) {
    Duration duration = Durations.parse(text).orElseThrow();

    assertEquals(Optional.of(duration), Durations.parse(Durations.print(duration)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "5 m", "m", "30m1h", "-5m", "1.5h", "5M", "PT-1S", "9999999999s"})
  void whatIsNoDurationIsRefused(String text) {
    assertTrue(Durations.parse(text).isEmpty());
  }

  @Test
  void minutesAndMillisecondsAreToldApart() {
    assertEquals(Optional.of(Duration.ofMillis(5)), Durations.parse("5ms"));
    assertEquals(Optional.of(Duration.ofMinutes(5)), Durations.parse("5m"));
    assertEquals("1m30s", Durations.print(Duration.ofSeconds(90)));
  }

  @Test
  void sizesCountInThousandsOrInPowersOfTwo() {
    assertEquals(OptionalLong.of(512L << 20), Sizes.parse("512MiB"));
    assertEquals(OptionalLong.of(2_000_000_000L), Sizes.parse("2GB"));
    assertEquals(OptionalLong.of(4096), Sizes.parse("4096"));
    assertEquals(OptionalLong.empty(), Sizes.parse("5 lots"));
    assertEquals(OptionalLong.empty(), Sizes.parse("999999999999999TiB"));
  }
}
