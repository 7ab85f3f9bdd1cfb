package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Takes back a restore. */
@ActionInfo(
    name = "postgres.dropRestored",
    summary = "Drop a database that `postgres.restore` made, as long as it was not promoted",
    description =
        """
        The `undo` of `postgres.restore`. It drops the database by that name only if it is the very one that was made: by its `oid`, and by the comment that
        says that Backout restored it. One that was promoted has another name by then and is refused; undo the promotion first.
        """,
    repeatable = Repeatable.SAFE,
    because = "A database that is gone already is left so, and any other is refused.")
public final class DropRestored implements Action<DropRestored.Input, DropRestored.Output> {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  public record Input(
      @Doc("The server and the login.") TextOrSecret url,
      @Doc("The database.") String database,
      @Doc("Its `oid`, as `postgres.restore` gives it.") long oid,
      @Doc(
              value =
                  "Whether connections to it are ended. If not, it is refused while there are any.",
              defaultValue = "false")
          boolean terminate) {}

  public record Output(@Doc("Whether it was there.") boolean dropped) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    try (Connection connection = Login.connect(url, LIMIT)) {
      Optional<Database> there = required(input, connection);
      if (there.isPresent()) {
        Database.drop(there.get().name(), connection);
      }
      return new Output(there.isPresent());
    } catch (SQLException e) {
      throw Login.failure(input.database() + " could not be dropped", e, url, context);
    }
  }

  /** Empty if it is gone. */
  private static Optional<Database> required(Input input, Connection connection)
      throws SQLException, ActionException {
    Optional<Database> made = Database.of(input.oid(), connection);
    if (made.isEmpty()) {
      return made;
    }
    Database database = made.get();
    if (!database.name().equals(input.database())) {
      throw refused(
          "The database that was restored as "
              + input.database()
              + " is called "
              + database.name()
              + " now, so it was promoted. Take the promotion back first");
    }
    if (!database.isRestored()) {
      throw refused(
          "The comment of "
              + database.name()
              + " doesn't say that Backout restored it. See what became of it, and drop it by hand if nobody needs it");
    }
    List<Session> sessions = Session.of(database.name(), connection);
    if (!input.terminate() && !sessions.isEmpty()) {
      throw refused(
          database.name()
              + " is in use: "
              + Session.listed(sessions)
              + ". Stop these, or say `terminate: true`");
    }
    return made;
  }

  private static ActionException refused(String why) {
    return new ActionException(Kind.PERMANENT, why + ". Nothing was dropped.");
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    try (Connection connection = Login.connect(url, Duration.ofSeconds(30))) {
      Optional<Database> there = required(input, connection);
      return there.isEmpty()
          ? new Preview(input.database() + " is gone already", false, List.of(), null)
          : new Preview(
              "Would drop the database " + input.database(),
              true,
              List.of(
                  new Detail(
                      Preview.Kind.LOSS,
                      "The database",
                      List.of(there.get().comment() + ", with what was changed in it since"))),
              null);
    } catch (SQLException e) {
      throw Login.failure(input.database() + " can't be dropped", e, url, context);
    }
  }
}
