package dev.backout.runbook;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/** Numbers as YAML 1.2 writes them. */
final class Numbers {
  /** Longer ones are not numbers that a person counts with, and cost time to read. */
  private static final int LONGEST = 40;

  private Numbers() {}

  /** Empty for infinities, for no number, and for what is out of any use. */
  static Optional<BigDecimal> read(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      if (text.startsWith("0x")) {
        return Optional.of(new BigDecimal(new BigInteger(text.substring(2), 16)));
      }
      if (text.startsWith("0o")) {
        return Optional.of(new BigDecimal(new BigInteger(text.substring(2), 8)));
      }
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) > 400 ? Optional.empty() : Optional.of(number);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
