package dev.backout.action;

import dev.backout.action.ActionException.Kind;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a .env file, for who starts a program with them. */
public final class DotenvFile {
  private DotenvFile() {}

  /**
   * Reads it. What looks confidential, by its name or as a URL with a password, is masked from then
   * on.
   *
   * @return in the file's order, quotes taken off, nothing expanded; {@code secret:NAME} revealed
   * @throws ActionException if it can't be read, or naming the line that is wrong and not its text
   */
  public static Map<String, String> read(Path path, ActionContext context) throws ActionException {
    TextFile file = TextFile.read(path, false, context);
    @Nullable String text = file.text();
    try {
      Map<String, String> variables =
          new DotenvText(text == null ? "" : text, file.lineEnd()).variables();
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        variable.setValue(context.reveal(variable.getValue()));
        if (TextDiff.isConfidential(variable.getKey(), variable.getValue())) {
          context.conceal(variable.getValue());
        }
      }
      return variables;
    } catch (DotenvText.BadLine e) {
      throw new ActionException(
          Kind.PERMANENT,
          file.path()
              + ":"
              + e.line()
              + ": expected "
              + e.expected()
              + ", found something else. Nothing was started; mend that line, then retry.",
          e);
    }
  }
}
