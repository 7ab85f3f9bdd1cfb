package dev.backout.action.dotenv;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.DotenvText;
import dev.backout.action.Preview;
import dev.backout.action.Sha256;
import dev.backout.action.TextDiff;
import dev.backout.action.TextFile;
import dev.backout.action.TextOrSecret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sets and removes variables in a .env file. */
@ActionInfo(
    name = "dotenv.edit",
    summary = "Set and remove variables in a .env file",
    description =
        """
        Everything else stays as it is: comments, order, quotes, line ends, mode and owner. A variable that is there
        several times is set where it is last, which is the one that counts. The file is replaced in one go; the former one is
        kept beside it as `NAME.before-RUN-STEP`.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "A file that already says what it should is not written, and the copy of the former file is made once.")
public final class EditDotenv implements Action<EditDotenv.Input, EditDotenv.Output> {

  public record Input(
      @Doc("The file.") Path file,
      @Doc(value = "Variables to set, by name.", defaultValue = "{}") Map<String, TextOrSecret> set,
      @Doc(value = "Variables to remove.", defaultValue = "[]") List<String> unset,
      @Doc(value = "Whether to make the file if it isn't there.", defaultValue = "false")
          boolean create) {}

  public record Output(
      @Doc("The file, symbolic links followed.") Path file,
      @Doc("Whether anything had to be changed.") boolean changed,
      @Doc("Where the former file is kept, if there was one and the step has changed it.")
          @Nullable Path former,
      @Doc("SHA-256 of the file as it is now; hexadecimal.") String sha256) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    TextFile file = TextFile.read(input.file(), input.create(), context);
    String edited = edited(input, file, context);
    // An attempt that was lost may have made the edit.
    Path former = file.replace(edited, context).or(() -> file.kept(context.call())).orElse(null);
    return new Output(file.path(), !edited.equals(file.text()), former, Sha256.of(edited));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    TextFile file = TextFile.read(input.file(), input.create(), context);
    String edited = edited(input, file, context);
    if (edited.equals(file.text())) {
      return new Preview(file.path() + " already says so", false, List.of(), null);
    }
    String before = file.text() == null ? "" : file.text();
    return new Preview(
        "Would change " + file.path(),
        true,
        List.of(TextDiff.of(file.path().toString(), before, edited, context)),
        null);
  }

  private static String edited(Input input, TextFile file, ActionContext context)
      throws ActionException {
    DotenvText text = new DotenvText(file.text() == null ? "" : file.text(), file.lineEnd());
    for (String name : input.unset()) {
      if (input.set().containsKey(name)) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            name + " is to be set and removed at once. Nothing was changed; decide for one.");
      }
      text = text.without(name);
    }
    for (Map.Entry<String, TextOrSecret> variable : new TreeMap<>(input.set()).entrySet()) {
      if (!variable.getKey().matches("[A-Za-z_][A-Za-z0-9_.]*")) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            "'" + variable.getKey() + "' is not the name of a variable. Nothing was changed.");
      }
      text = text.with(variable.getKey(), context.reveal(variable.getValue().text()));
    }
    return text.toString();
  }
}
