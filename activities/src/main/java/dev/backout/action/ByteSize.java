package dev.backout.action;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length or an amount of storage. Written in YAML as {@code 512MiB}, or as a number of bytes. */
public record ByteSize(long bytes) {
  private static final Pattern WRITTEN =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s?([kKMGT]?i?B)?");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "KB", 1_000L,
          "KiB", 1L << 10,
          "MB", 1_000_000L,
          "MiB", 1L << 20,
          "GB", 1_000_000_000L,
          "GiB", 1L << 30,
          "TB", 1_000_000_000_000L,
          "TiB", 1L << 40);

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size can't be negative: " + bytes);
    }
  }

  /**
   * @throws IllegalArgumentException saying what was expected and found
   */
  public static ByteSize parse(String text) {
    Matcher parts = WRITTEN.matcher(text.strip());
    Long unit = parts.matches() ? UNITS.get(parts.group(2) == null ? "B" : parts.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(
          "expected a size such as 512MiB or 2GB, found '" + text + "'");
    }
    return new ByteSize(
        new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)).longValueExact());
  }
}
