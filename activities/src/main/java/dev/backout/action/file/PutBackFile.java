package dev.backout.action.file;

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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes back an edit of a configuration file. */
@ActionInfo(
    name = "file.putBack",
    summary = "Give a configuration file the content that it had before an edit",
    description =
        """
        The undo of `dotenv.edit` and `yaml.edit`: the file gets, in one go, what the copy says that the edit has kept. Its mode and
        owner stay.

        ```yaml
        uses: dotenv.edit
        with: { file: /srv/app/.env, unset: [DATABASE_URL] }
        undo:
          uses: file.putBack
          with: { file: /srv/app/.env, former: "${{ outputs.?former }}", sha256: "${{ outputs.sha256 }}" }
        ```

        With `sha256` it is refused if somebody has changed the file since the edit. Without `former` the edit had nothing to change, and neither
        has this.
        """,
    repeatable = Repeatable.SAFE,
    because = "A file that already says what it should is not written.")
public final class PutBackFile implements Action<PutBackFile.Input, PutBackFile.Output> {

  public record Input(
      @Doc("The file.") Path file,
      @Doc("The copy that was kept of it; absent if it had not been changed.")
          @Nullable Path former,
      @Doc("SHA-256 that the file must have if it hasn't been put back yet; hexadecimal.")
          @Nullable String sha256) {}

  public record Output(
      @Doc("Whether anything had to be changed.") boolean changed,
      @Doc("Where the file is kept as it was until now, if it was changed.")
          @Nullable Path replaced) {}

  /**
   * @param wanted null where there is nothing to put back
   */
  private record Edit(TextFile file, @Nullable String wanted) {
    boolean changes() {
      return wanted != null && !wanted.equals(file.text());
    }
  }

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    Edit edit = edit(input, context);
    String wanted = edit.wanted();
    Path replaced = wanted == null ? null : edit.file().replace(wanted, context).orElse(null);
    return new Output(edit.changes(), replaced);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Edit edit = edit(input, context);
    Path path = edit.file().path();
    if (!edit.changes()) {
      return new Preview(path + " is as it was", false, List.of(), null);
    }
    return new Preview(
        "Would put back " + path,
        true,
        List.of(
            TextDiff.of(
                path.toString(),
                String.valueOf(edit.file().text()),
                String.valueOf(edit.wanted()),
                context)),
        null);
  }

  private static Edit edit(Input input, ActionContext context) throws ActionException {
    Path former = input.former();
    Edit edit =
        new Edit(
            TextFile.read(input.file(), false, context),
            former == null ? null : TextFile.read(former, false, context).text());
    if (edit.changes()) {
      requireUntouched(edit.file(), input.sha256());
    }
    return edit;
  }

  private static void requireUntouched(TextFile file, @Nullable String sha256)
      throws ActionException {
    String now = Sha256.of(Objects.requireNonNullElse(file.text(), ""));
    if (sha256 != null && !sha256.equals(now)) {
      throw new ActionException(
          Kind.PERMANENT,
          file.path()
              + " has been changed by somebody else since: its SHA-256 was "
              + sha256
              + " after the edit, and is "
              + now
              + ". It was left as it is. Put back by hand what is to be as before.");
    }
  }
}
