package dev.backout.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a how-to shows: its runbook and its commands, in order. */
record HowTo(String text) {
  private static final Pattern RUNBOOK = Pattern.compile("(?ms)^```yaml\\R(apiVersion.*?)^```");
  private static final Pattern COMMAND = Pattern.compile("(?m)^backout (.*)$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  static HowTo named(String name) throws IOException {
    return new HowTo(Files.readString(Path.of("..", "docs", "how-to", name)));
  }

  String runbook() {
    return found(RUNBOOK).get(0);
  }

  /** Without {@code backout} itself. */
  List<String> commands() {
    return found(COMMAND);
  }

  private List<String> found(Pattern pattern) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  /**
   * A command's words, as a shell would take the line.
   *
   * @param here what stands here for parts of words of the page, such as directories
   */
  static List<String> words(String line, Map<String, String> here) {
    return WORD.matcher(line)
        .results()
        .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
        .map(
            word ->
                here.entrySet().stream()
                    .reduce(
                        word,
                        (so, part) -> so.replace(part.getKey(), part.getValue()),
                        (one, other) -> other))
        .toList();
  }
}
