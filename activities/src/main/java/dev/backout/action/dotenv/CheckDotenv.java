package dev.backout.action.dotenv;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.DotenvFile;
import dev.backout.action.Preview;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds a .env file against what it has to say. */
@ActionInfo(
    name = "dotenv.check",
    summary = "Check what a .env file says, without showing it",
    description =
        """
        Fails if a variable in `matches` is missing or its whole value doesn't match, or if one in `absent` is there. The error and
        the outputs name variables and never show their values, which may be secrets.

        Patterns are RE2's: as in most languages, without back references and look-around.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class CheckDotenv implements Action<CheckDotenv.Input, CheckDotenv.Output> {

  public record Input(
      @Doc("The file.") Path file,
      @Doc(
              value = "What values must match as a whole, by the variable's name.",
              defaultValue = "{}")
          Map<String, String> matches,
      @Doc(value = "Variables that must not be there.", defaultValue = "[]") List<String> absent) {}

  public record Output(@Doc("The names of the file's variables.") List<String> variables) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    Map<String, Pattern> patterns = patterns(input);
    Map<String, String> variables = DotenvFile.read(input.file(), context);
    List<String> problems = new ArrayList<>();
    patterns.forEach(
        (name, pattern) -> {
          @Nullable String value = variables.get(name);
          if (value == null) {
            problems.add(name + " is missing");
          } else if (!pattern.matches(value)) {
            problems.add(name + " is something else than " + pattern.pattern());
          }
        });
    input.absent().stream()
        .filter(variables::containsKey)
        .forEach(name -> problems.add(name + " is there"));
    if (!problems.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          input.file()
              + " doesn't say what it has to: "
              + String.join("; ", problems)
              + ". Nothing was changed. Correct the file, or choose another one.");
    }
    return new Output(List.copyOf(variables.keySet()));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Output found = run(input, context);
    return new Preview(input.file() + " says what it has to", false, List.of(), found);
  }

  private static Map<String, Pattern> patterns(Input input) throws ActionException {
    Map<String, Pattern> patterns = new TreeMap<>();
    for (Map.Entry<String, String> wanted : input.matches().entrySet()) {
      try {
        patterns.put(wanted.getKey(), Pattern.compile(wanted.getValue()));
      } catch (PatternSyntaxException e) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            "The pattern for " + wanted.getKey() + " is none: " + e.getMessage() + ". Correct it.",
            e);
      }
    }
    return patterns;
  }
}
