package dev.backout.action.postgres;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of PostgreSQL.
 *
 * @param major what decides whether a program and a server fit; 10 or more
 * @param text such as {@code 15.18}
 */
record Version(int major, String text) {
  private static final Pattern FORM = Pattern.compile("(\\d+)(?:\\.\\d+|devel|beta\\d+|rc\\d+)?");

  /** The first version in a text; 0 if there is none. */
  static Version in(String text) {
    Matcher found = FORM.matcher(text);
    return found.find()
        ? new Version(Integer.parseInt(found.group(1)), found.group())
        : new Version(0, text.strip());
  }

  @Override
  public String toString() {
    return text;
  }
}
