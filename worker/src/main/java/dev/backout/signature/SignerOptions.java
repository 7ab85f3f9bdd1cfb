package dev.backout.signature;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an allowed signer's line says between names and key.
 *
 * @param isAuthority the key signs certificates, not messages
 * @param namespaces what the key may sign, or null for anything
 * @param validAfter the first moment, or null
 * @param validBefore the last moment, or null
 */
record SignerOptions(
    boolean isAuthority,
    @Nullable PatternList namespaces,
    @Nullable Instant validAfter,
    @Nullable Instant validBefore) {
  static final SignerOptions NONE = new SignerOptions(false, null, null, null);

  static SignerOptions parse(String text, ZoneId local) throws Flaw {
    Scanner scanner = new Scanner(text);
    SignerOptions options = NONE;
    do {
      options = options.with(scanner, local);
    } while (scanner.skipComma());
    options.requireOrder();
    return options;
  }

  private SignerOptions with(Scanner scanner, ZoneId local) throws Flaw {
    String name = scanner.name();
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "cert-authority" -> new SignerOptions(true, namespaces, validAfter, validBefore);
      case "namespaces" -> {
        requireFirst(namespaces, name);
        PatternList list = PatternList.parse(scanner.value(name));
        yield new SignerOptions(isAuthority, list, validAfter, validBefore);
      }
      case "valid-after" -> {
        requireFirst(validAfter, name);
        Instant time = time(name, scanner, local);
        yield new SignerOptions(isAuthority, namespaces, time, validBefore);
      }
      case "valid-before" -> {
        requireFirst(validBefore, name);
        Instant time = time(name, scanner, local);
        yield new SignerOptions(isAuthority, namespaces, validAfter, time);
      }
      default ->
          throw new Flaw(
              "expected a key or one of cert-authority, namespaces=\"…\", valid-after=\"…\", valid-before=\"…\", found '"
                  + name
                  + "'");
    };
  }

  private static Instant time(String name, Scanner scanner, ZoneId local) throws Flaw {
    try {
      return KeyTime.parse(scanner.value(name), local);
    } catch (Flaw e) {
      throw new Flaw(name + ": " + e.getMessage());
    }
  }

  private static void requireFirst(@Nullable Object found, String name) throws Flaw {
    if (found != null) {
      throw new Flaw("expected " + name + " once, found it twice");
    }
  }

  private void requireOrder() throws Flaw {
    if (validAfter != null && validBefore != null && !validAfter.isBefore(validBefore)) {
      throw new Flaw("expected valid-before to be later than valid-after");
    }
  }

  /** Walks through the options' text. */
  private static final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    String name() {
      int start = at;
      while (at < text.length() && ",=".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    String value(String name) throws Flaw {
      if (!text.startsWith("=\"", at)) {
        throw new Flaw("expected " + name + "=\"…\" with quotes");
      }
      at += 2;
      StringBuilder value = new StringBuilder();
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.startsWith("\\\"", at)) {
          at++;
        }
        value.append(text.charAt(at++));
      }
      if (at == text.length()) {
        throw new Flaw("expected a closing quote after " + name);
      }
      at++;
      return value.toString();
    }

    /** Whether another option follows. */
    boolean skipComma() throws Flaw {
      if (at == text.length()) {
        return false;
      }
      if (text.charAt(at) != ',') {
        throw new Flaw("expected a comma between options, found '" + text.substring(at) + "'");
      }
      at++;
      return true;
    }
  }
}
