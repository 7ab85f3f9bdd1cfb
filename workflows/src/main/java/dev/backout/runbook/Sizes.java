package dev.backout.runbook;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes: {@code 512MiB}, {@code 2GB}, {@code 4096}. */
public final class Sizes {
  static final String PATTERN = "^\\d{1,18} ?(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?$";

  private static final Pattern WRITTEN =
      Pattern.compile("(\\d{1,18}) ?(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L,
          "KB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "TB", 1_000_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30,
          "TiB", 1L << 40);

  private Sizes() {}

  /** Empty too for what is more than a {@code long} holds. */
  public static OptionalLong parse(String text) {
    Matcher parts = WRITTEN.matcher(text);
    if (!parts.matches()) {
      return OptionalLong.empty();
    }
    String unit = parts.group(2);
    try {
      return OptionalLong.of(
          Math.multiplyExact(
              Long.parseLong(parts.group(1)), unit == null ? 1L : UNITS.getOrDefault(unit, 1L)));
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }
}
