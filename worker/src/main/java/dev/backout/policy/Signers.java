package dev.backout.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** For whom a file of allowed signers has a key. Who signed what is another package's matter. */
final class Signers {
  private final List<Glob> names;

  private Signers(List<Glob> names) {
    this.names = names;
  }

  static Optional<Signers> of(Policy policy) {
    return policy
        .allowedSigners()
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .map(
            text -> new Signers(text.lines().flatMap(Signers::principals).map(Glob::new).toList()));
  }

  /** The first word of a line: names and patterns with commas between, perhaps in quotes. */
  private static Stream<String> principals(String line) {
    String text = line.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return Stream.empty();
    }
    int end = text.startsWith("\"") ? text.indexOf('"', 1) : text.indexOf(' ');
    String word = end < 0 ? text : text.substring(text.startsWith("\"") ? 1 : 0, end);
    return Stream.of(word.split(",")).filter(name -> !name.isEmpty());
  }

  boolean know(String principal) {
    return names.stream().anyMatch(name -> name.matches(principal));
  }
}
