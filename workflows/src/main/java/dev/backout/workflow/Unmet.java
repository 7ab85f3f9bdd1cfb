package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says of an expectation that doesn't hold what it was that it looked at. */
final class Unmet {
  private static final Pattern OUTPUT = Pattern.compile("\\boutputs\\.\\??([A-Za-z_]\\w*)");
  private static final int LONGEST = 600;

  private Unmet() {}

  /**
   * @param outputs null where the step gave none
   */
  static String said(String condition, @Nullable JsonNode outputs) {
    List<String> names =
        OUTPUT.matcher(condition).results().map((MatchResult m) -> m.group(1)).distinct().toList();
    String found =
        outputs == null
            ? ""
            : names.stream()
                .filter(outputs::has)
                .map(name -> name + " is " + shortened(outputs.get(name).toString()))
                .collect(Collectors.joining(", "));
    String result = "It was done, but `" + condition + "` does not hold";
    return found.isEmpty() ? result + "." : result + ": " + found + ".";
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
