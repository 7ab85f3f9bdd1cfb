package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.FirstAttempt;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes how a server is set. */
@ActionInfo(
    name = "postgres.setting",
    summary =
        "Change a setting of a PostgreSQL server by ALTER SYSTEM, and say whether that needs a restart",
    description =
        """
        Writes the setting, has the server read its configuration again, and says what is in force. Some settings, `max_connections` among them, are in force
        after a restart alone: then `restartNeeded` is true, and `active` is still the old value. Without `value` the setting is taken out again, which is
        what an `undo` does where ALTER SYSTEM had not set it before:

        ```yaml
        uses: postgres.setting
        with: { url: "secret:ADMIN_DATABASE_URL", name: max_connections, value: "200" }
        undo:
          uses: postgres.setting
          with: { url: "secret:ADMIN_DATABASE_URL", name: max_connections, value: "${{ outputs.?former }}" }
        ```

        The login must be a superuser, or have the right ALTER SYSTEM on that setting.
        """,
    repeatable = Repeatable.SAFE,
    because = "The value is the same each time, and the former one is kept from the first attempt.")
public final class ChangeSetting implements Action<ChangeSetting.Input, ChangeSetting.Output> {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  public record Input(
      @Doc("The server and the login, such as `secret:ADMIN_DATABASE_URL`.") TextOrSecret url,
      @Doc("The setting's name.") String name,
      @Doc("Its value, with its unit, as in postgresql.conf. Taken out if absent.")
          @Nullable String value) {}

  public record Output(
      @Doc("What ALTER SYSTEM had set before; absent if it had set nothing.")
          @Nullable String former,
      @Doc("What is in force now.") String active,
      @Doc("Whether the server has to be started anew until the change is in force.")
          boolean restartNeeded) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    try (Connection connection = Login.connect(url, LIMIT)) {
      Setting now = Setting.of(input.name(), connection);
      String former = FirstAttempt.found("former.txt", now.kept(), context);
      now.change(input.value(), connection);
      Setting after = now.awaited(connection);
      return new Output(Setting.formerOf(former), after.active(), after.restartNeeded());
    } catch (SQLException e) {
      throw Login.failure(input.name() + " could not be changed", e, url, context);
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    try (Connection connection = Login.connect(url, LIMIT)) {
      Setting now = Setting.of(input.name(), connection);
      String wanted =
          input.value() == null
              ? "Would take " + input.name() + " out of what ALTER SYSTEM has set"
              : "Would set " + input.name() + " to " + input.value();
      return new Preview(
          wanted
              + "; "
              + now.active()
              + " is in force"
              + (now.needsRestart() ? ", until the server is started anew" : ""),
          true,
          List.of(),
          null);
    } catch (SQLException e) {
      throw Login.failure(input.name() + " can't be looked at", e, url, context);
    }
  }
}
