package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * A value that somebody gives to an input of a runbook.
 *
 * @param value a text where {@code written} is true, else JSON of the input's type
 * @param written whether it is a text of the command line, to be read as the input's type asks
 * @param source where it comes from, for messages: {@code --input home}
 */
public record GivenInput(JsonNode value, boolean written, String source) {

  /** As it stands on a command line: {@code 24h}, {@code true}, {@code api,jobs}. */
  public static GivenInput text(String text, String source) {
    return new GivenInput(JsonNodeFactory.instance.textNode(text), true, source);
  }

  public static GivenInput json(JsonNode value, String source) {
    return new GivenInput(value, false, source);
  }
}
