package dev.backout.action.yaml;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Sha256;
import dev.backout.action.TextDiff;
import dev.backout.action.TextFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sets and removes values in a YAML file, by path. */
@ActionInfo(
    name = "yaml.edit",
    summary = "Set and remove values in a YAML file",
    description =
        """
        A value is named by its path: `app.database.url`, `servers[0].port`. Only the values that are named change; comments,
        order, quotes, line ends, mode and owner stay. A path whose last part isn't there is added to its mapping; the
        mapping itself must be there. The file is replaced in one go; the former one is kept beside it as
        `NAME.before-RUN-STEP`.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "A file that already says what it should is not written, and the copy of the former file is made once.")
public final class EditYaml implements Action<EditYaml.Input, EditYaml.Output> {

  public record Input(
      @Doc("The file.") Path file,
      @Doc(value = "Values to set, by path: text, numbers, booleans or null.", defaultValue = "{}")
          Map<String, Object> set,
      @Doc(value = "Paths to remove.", defaultValue = "[]") List<String> unset) {}

  public record Output(
      @Doc("The file, symbolic links followed.") Path file,
      @Doc("Whether anything had to be changed.") boolean changed,
      @Doc("Where the former file is kept, if the step has changed it.") @Nullable Path former,
      @Doc("SHA-256 of the file as it is now; hexadecimal.") String sha256) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    TextFile file = TextFile.read(input.file(), false, context);
    String edited = edited(input, file);
    // An attempt that was lost may have made the edit.
    Path former = file.replace(edited, context).or(() -> file.kept(context.call())).orElse(null);
    return new Output(file.path(), !edited.equals(file.text()), former, Sha256.of(edited));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    TextFile file = TextFile.read(input.file(), false, context);
    String edited = edited(input, file);
    if (edited.equals(file.text())) {
      return new Preview(file.path() + " already says so", false, List.of(), null);
    }
    return new Preview(
        "Would change " + file.path(),
        true,
        List.of(TextDiff.of(file.path().toString(), String.valueOf(file.text()), edited, context)),
        null);
  }

  private static String edited(Input input, TextFile file) throws ActionException {
    String text = String.valueOf(file.text());
    try {
      for (String path : input.unset()) {
        text = new YamlText(text, file.lineEnd()).without(YamlPath.parse(path));
      }
      for (Map.Entry<String, Object> value : input.set().entrySet()) {
        text =
            new YamlText(text, file.lineEnd())
                .with(YamlPath.parse(value.getKey()), value.getValue());
      }
      return text;
    } catch (YamlEditException e) {
      throw new ActionException(
          Kind.PERMANENT, file.path() + ": " + e.getMessage() + " Nothing was changed.", e);
    }
  }
}
