package dev.backout.runbook.expression;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512MiB}, {@code 2GB}, {@code 1024}. */
public final class SizeText {
  private static final Pattern FORM =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s?([KMGT]i?B|[kKMGT]|B)?");
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("B", 1L),
          Map.entry("k", 1_000L),
          Map.entry("K", 1_000L),
          Map.entry("KB", 1_000L),
          Map.entry("M", 1_000_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("G", 1_000_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("T", 1_000_000_000_000L),
          Map.entry("TB", 1_000_000_000_000L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30),
          Map.entry("TiB", 1L << 40));

  private SizeText() {}

  /** Bytes; empty if it is no size, or no whole number of bytes. */
  public static Optional<Long> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = matcher.group(2) == null ? 1 : UNITS.getOrDefault(matcher.group(2), 1L);
    try {
      return Optional.of(
          new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValueExact());
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }
}
