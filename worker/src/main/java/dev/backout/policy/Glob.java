package dev.backout.policy;

/**
 * A pattern in which {@code *} stands for any characters, also for none.
 *
 * @param text as the policy says it
 */
record Glob(String text) {
  static final Glob ALL = new Glob("*");

  boolean matches(String name) {
    int star = -1;
    int resume = 0;
    int at = 0;
    int in = 0;
    while (in < name.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        resume = in;
      } else if (at < text.length() && text.charAt(at) == name.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    return at == text.length();
  }

  /**
   * Whether all that the other one matches is matched by this one. Only a {@code *} of this one can
   * take a {@code *} of the other's, so taking the other's text as a name decides it.
   */
  boolean covers(Glob other) {
    return matches(other.text());
  }
}
