package dev.backout.action;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArraySet;

/**
 * The secrets that an execution has resolved, in every form in which they may come back: as they
 * are, as JSON text, URL-encoded, and as base64 at each of the three offsets that a longer text can
 * give them.
 */
final class Masks {
  private static final String MASK = "***";

  /**
   * A shorter text is in every second word; masking it would hide the output and keep nothing
   * secret.
   */
  private static final int SHORTEST = 4;

  private final CopyOnWriteArraySet<String> hidden = new CopyOnWriteArraySet<>();

  void add(String secret) {
    if (secret.length() < SHORTEST) {
      return;
    }
    hidden.add(secret);
    hidden.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
    hidden.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    hidden.add(URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"));
    for (int offset = 0; offset < 3; offset++) {
      addBase64(secret, offset);
    }
    addPasswordOf(secret);
    if (secret.contains("\n")) {
      // What is written line by line is masked line by line.
      secret.lines().forEach(this::add);
    }
  }

  /** The part of the encoding that does not depend on what stands before and after. */
  private void addBase64(String secret, int offset) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    byte[] shifted = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, shifted, offset, bytes.length);
    int from = offset == 0 ? 0 : offset + 1;
    int to = shifted.length * 8 / 6;
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      String encoded = encoder.withoutPadding().encodeToString(shifted);
      if (to - from >= SHORTEST) {
        hidden.add(encoded.substring(from, to));
      }
    }
  }

  /**
   * A URL that is a secret is one for the sake of its password, which programs also print alone.
   */
  private void addPasswordOf(String secret) {
    int at = secret.lastIndexOf('@');
    int scheme = secret.indexOf("://");
    int colon = scheme < 0 ? -1 : secret.indexOf(':', scheme + 3);
    if (colon >= 0 && colon < at) {
      String password = secret.substring(colon + 1, at);
      add(password);
      if (password.contains("%")) {
        add(URLDecoder.decode(password.replace("+", "%2B"), StandardCharsets.UTF_8));
      }
    }
  }

  String apply(String text) {
    String masked = text;
    for (String secret :
        hidden.stream().sorted(Comparator.comparing(String::length).reversed()).toList()) {
      masked = masked.replace(secret, MASK);
    }
    return masked;
  }
}
