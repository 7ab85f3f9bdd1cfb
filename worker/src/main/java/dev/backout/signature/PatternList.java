package dev.backout.signature;

import java.util.List;

/**
 * OpenSSH's comma-separated patterns: {@code *} and {@code ?} match, {@code !} before a pattern
 * takes away whatever the others give.
 *
 * @param patterns as written
 */
record PatternList(List<String> patterns) {
  static PatternList parse(String text) {
    return new PatternList(List.of(text.split(",", -1)));
  }

  boolean matches(String name) {
    boolean given = false;
    for (String pattern : patterns) {
      if (pattern.startsWith("!")) {
        if (matches(pattern.substring(1), name)) {
          return false;
        }
      } else {
        given |= matches(pattern, name);
      }
    }
    return given;
  }

  /** The patterns that are plain names. */
  List<String> literals() {
    return patterns.stream()
        .filter(pattern -> !pattern.isEmpty() && !pattern.startsWith("!"))
        .filter(pattern -> pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0)
        .toList();
  }

  /**
   * Goes back to the last star only, so that no pattern takes more than length times length steps.
   */
  private static boolean matches(String pattern, String name) {
    int at = 0;
    int star = -1;
    int resume = 0;
    int i = 0;
    while (i < name.length()) {
      char wanted = at < pattern.length() ? pattern.charAt(at) : 0;
      if (at < pattern.length() && wanted == '*') {
        star = at++;
        resume = i;
      } else if (at < pattern.length() && (wanted == '?' || wanted == name.charAt(i))) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    return pattern.substring(at).chars().allMatch(c -> c == '*');
  }

  @Override
  public String toString() {
    return String.join(",", patterns);
  }
}
