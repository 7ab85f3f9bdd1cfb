package dev.backout.action.web;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long a server wants to be left alone. */
final class RetryAfter {
  /** A server may say a day, and mean that it doesn't know. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private RetryAfter() {}

  /**
   * @param header seconds or a date, as HTTP has it; null if the server said nothing
   */
  static Optional<Duration> of(@Nullable String header) {
    return Optional.ofNullable(header)
        .flatMap(RetryAfter::read)
        .filter(pause -> !pause.isNegative() && !pause.isZero())
        .map(pause -> pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
  }

  private static Optional<Duration> read(String header) {
    String text = header.strip();
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant until = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
      return Optional.of(Duration.between(Instant.now(), until));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
