package dev.backout.action.program;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.TextOrSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program that is to be run to its end, wherever that is.
 *
 * @param words the program and its arguments; no shell reads them
 * @param directory to run it in; null for that of the place
 * @param environment variables on top of those that the place has; secrets as they are
 * @param timeout after which it is ended
 */
public record Command(
    List<String> words,
    @Nullable Path directory,
    Map<String, String> environment,
    Duration timeout) {

  public Command {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("a command has at least one word, the program");
    }
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  public String program() {
    return words.get(0);
  }

  /** The variables that a runbook gives, secrets found and masked from now on. */
  public static Map<String, String> revealed(
      Map<String, TextOrSecret> environment, ActionContext context) throws ActionException {
    Map<String, String> revealed = new LinkedHashMap<>();
    for (Map.Entry<String, TextOrSecret> variable : environment.entrySet()) {
      revealed.put(variable.getKey(), context.reveal(variable.getValue().text()));
    }
    return revealed;
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
