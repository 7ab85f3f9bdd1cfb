package dev.backout.policy;

/**
 * Whom a rule is for.
 *
 * @param name a group's or a person's; empty for anybody
 */
record Who(Kind kind, String name) {

  enum Kind {
    ANYBODY,
    GROUP,
    USER
  }

  static Who parse(String text) {
    if (text.equals("*")) {
      return new Who(Kind.ANYBODY, "");
    }
    int colon = text.indexOf(':');
    return new Who(text.startsWith("group:") ? Kind.GROUP : Kind.USER, text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return switch (kind) {
      case ANYBODY -> "*";
      case GROUP -> "group:" + name;
      case USER -> "user:" + name;
    };
  }
}
