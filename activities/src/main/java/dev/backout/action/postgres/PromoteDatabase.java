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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts one database in the place of another. */
@ActionInfo(
    name = "postgres.promote",
    summary = "Put a restored PostgreSQL database in the place of the live one, which is kept",
    description =
        """
        Renames both in one transaction: the live database gets a name to be kept by, the other the live one's name, and with it owner, rights, connection
        limit and settings of the live one, which no dump holds. While somebody is connected to either, it is refused with who that is; with
        `terminate: true` they are ended, and nobody gets in again until both have their names.

        ```yaml
        uses: postgres.promote
        with:
          url: secret:MAINTENANCE_URL
          database: "${{ steps.restore.outputs.database }}"
          oid: "${{ steps.restore.outputs.oid }}"
          live: ledger
          terminate: true
        undo:
          uses: postgres.promote
          with:
            url: secret:MAINTENANCE_URL
            database: "${{ outputs.keptAs }}"
            oid: "${{ outputs.formerOid }}"
            live: ledger
            keepAs: "${{ steps.restore.outputs.database }}"
            terminate: true
        ```

        The login must own both, or be a superuser; it works from the server's database `postgres`, or `template1`. To end others' connections
        it needs the right `pg_signal_backend` and, for those of superusers, to be one.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "It is one transaction, and the database is known by its `oid`: once promoted it is left so.")
public final class PromoteDatabase
    implements Action<PromoteDatabase.Input, PromoteDatabase.Output> {

  public record Input(
      @Doc("The server and the login; its database doesn't matter.") TextOrSecret url,
      @Doc("The database that is to be the live one.") String database,
      @Doc("Its `oid`, as `postgres.restore` gives it: no other of that name is promoted.")
          long oid,
      @Doc("The live one's name.") String live,
      @Doc("What the live one is called from then on. Its name with run and step if absent.")
          @Nullable String keepAs,
      @Doc(
              value =
                  "Whether connections to both are ended. If not, it is refused while there are any.",
              defaultValue = "false")
          boolean terminate) {}

  public record Output(
      @Doc("The live database's name.") String database,
      @Doc("What the former one is called now.") String keptAs,
      @Doc("The former one's `oid`.") long formerOid,
      @Doc("How many connections were ended.") int terminated) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    String keepAs = keepAs(input, context);
    try (Connection connection = elsewhere(url, input, Promotion.LIMIT)) {
      Optional<Database> promoted = Database.of(input.oid(), connection);
      Optional<Database> kept = Database.named(keepAs, connection);
      if (promoted.filter(each -> each.name().equals(input.live())).isPresent()
          && kept.isPresent()) {
        return new Output(input.live(), keepAs, kept.get().oid(), 0);
      }
      Database former = required(input, keepAs, connection);
      int ended;
      try (Connection second = elsewhere(url, input, Promotion.LIMIT)) {
        ended =
            new Promotion(input.database(), input.live(), keepAs, input.terminate())
                .carryOut(connection, second, context);
      }
      return new Output(input.live(), keepAs, former.oid(), ended);
    } catch (SQLException e) {
      throw Login.failure(
          input.database()
              + " could not be put in the place of "
              + input.live()
              + "; both are as they were",
          e,
          url,
          context);
    }
  }

  private static String keepAs(Input input, ActionContext context) throws ActionException {
    String label = "_before_" + context.call().label().replaceAll("[^A-Za-z0-9_]", "_");
    String keepAs =
        input.keepAs() != null
            ? input.keepAs()
            : input
                    .live()
                    .substring(
                        0, Math.min(input.live().length(), 62 - Math.min(label.length(), 40)))
                + label.substring(0, Math.min(label.length(), 40));
    Optional<String> refusal =
        Database.refusal(keepAs)
            .or(() -> Database.refusal(input.live()))
            .or(() -> Database.refusal(input.database()));
    if (refusal.isPresent()) {
      throw new ActionException(Kind.INVALID_INPUT, refusal.get() + ". Nothing was changed.");
    }
    return keepAs;
  }

  /** A database can't be renamed from within. */
  private static Connection elsewhere(PostgresUrl url, Input input, Duration limit)
      throws SQLException {
    boolean taken = input.live().equals("postgres") || input.database().equals("postgres");
    return Login.connect(url.at(taken ? "template1" : "postgres"), limit);
  }

  private static Database required(Input input, String keepAs, Connection connection)
      throws SQLException, ActionException {
    Optional<Database> next = Database.named(input.database(), connection);
    if (next.isEmpty() || next.get().oid() != input.oid()) {
      throw refused(
          next.isEmpty()
              ? "There is no database " + input.database()
              : input.database()
                  + " is another database than the one that was looked at: its oid is "
                  + next.get().oid()
                  + ", expected "
                  + input.oid());
    }
    Optional<Database> live = Database.named(input.live(), connection);
    if (live.isEmpty()) {
      throw refused("There is no live database " + input.live() + " to put it in the place of");
    }
    if (Database.named(keepAs, connection).isPresent()) {
      throw refused(
          "There is a database "
              + keepAs
              + " already, so the live one can't be kept by that name. Name another as `keepAs`");
    }
    return live.get();
  }

  private static ActionException refused(String why) {
    return new ActionException(Kind.PERMANENT, why + ". Nothing was changed.");
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    String keepAs = keepAs(input, context);
    try (Connection connection = elsewhere(url, input, Duration.ofSeconds(30))) {
      Database unused = required(input, keepAs, connection);
      List<Session> sessions = new ArrayList<>(Session.of(input.live(), connection));
      sessions.addAll(Session.of(input.database(), connection));
      return new Preview(
          "Would rename "
              + input.live()
              + " to "
              + keepAs
              + ", and "
              + input.database()
              + " to "
              + input.live(),
          true,
          sessions.isEmpty()
              ? List.of()
              : List.of(
                  new Detail(
                      input.terminate() ? Preview.Kind.LOSS : Preview.Kind.PROBLEM,
                      input.terminate()
                          ? "Connections that would be ended"
                          : "Connections in the way",
                      sessions.stream().map(Session::toString).toList())),
          null);
    } catch (SQLException e) {
      throw Login.failure("The promotion can't be looked at", e, url, context);
    }
  }
}
