package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Restores a dump into a database that was not there. */
@ActionInfo(
    name = "postgres.restore",
    summary =
        "Restore a PostgreSQL dump into a new database, and compare it with the dump's manifest",
    description =
        """
        Never over a database that exists: it is made, filled and compared under a name of its own, and gets the wanted one when it is whole. So what has
        that name has all of the dump. Where the dump has a manifest, its SHA-256 is compared before, and the rows of each table after. A restore
        that fails, or was killed, leaves nothing that bears the wanted name.

        ```yaml
        uses: postgres.restore
        with: { url: "secret:DATABASE_URL", dump: "${{ steps.backup.outputs.path }}", database: ledger_restored }
        timeout: 2h
        undo:
          uses: postgres.dropRestored
          with: { url: "secret:DATABASE_URL", database: "${{ outputs.database }}", oid: "${{ outputs.oid }}" }
        ```

        The login must be allowed to create databases, and to make what the dump holds. `postgres.promote` puts it in the place of the live one.
        The worker needs `pg_restore` on its `PATH`, of the version of the `pg_dump` that wrote the dump or later.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "What a former attempt of the step has left is dropped or, if it is whole, taken as it is; no other database is touched.")
public final class RestoreDatabase
    implements Action<RestoreDatabase.Input, RestoreDatabase.Output> {

  public record Input(
      @Doc("The server and the login; its database is not touched.") TextOrSecret url,
      @Doc("The dump, such as `postgres.findBackup` gives it.") Path dump,
      @Doc("The name of the new database.") String database,
      @Doc("The SHA-256 that the dump must have. Its manifest's if absent, where it has one.")
          @Nullable String sha256,
      @Doc(value = "How many tables at a time.", defaultValue = "1") int jobs,
      @Doc(
              value =
                  "Whether owners and rights are restored as they were. If not, all belongs to the login.",
              defaultValue = "true")
          boolean owners,
      @Doc(
              "A locale of the server, such as `C.UTF-8`, where it lacks that of the dump's database; text is sorted by it. That of the dump's database if absent.")
          @Nullable String locale,
      @Doc(
              value =
                  "When it is given up; the step's own `timeout`, 10m unless it says otherwise, counts too.",
              defaultValue = "4h")
          Duration within,
      @Doc(
              value =
                  "Whether it is only tried, as in a drill: then its data is not the data in use, and counts for no RPO.",
              defaultValue = "false")
          boolean trial) {}

  public record Output(
      @Doc("The new database.") String database,
      @Doc("What PostgreSQL knows it by, whatever it is called.") long oid,
      @Doc("The dump.") Path dump,
      @Doc("The dump's SHA-256.") String sha256,
      @Doc("How many rows each table has, by SCHEMA.TABLE.") Map<String, Long> tables,
      @Doc("How many rows there are in all of them.") long rows,
      @Doc("Whether they were compared with those that the dump's manifest says.") boolean compared,
      @Doc("What it takes on the server.") ByteSize size,
      @Doc(
              "Up to when its data is complete, as the dump's manifest says; absent without one, and of a `trial`.")
          @Nullable Instant dataAsOf,
      @Doc(value = "How long it took.", reading = true) Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    long began = System.nanoTime();
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    requireFits(input);
    Dump dump = Dump.examined(context.allowed(input.dump()), input.sha256(), context);
    Restoration restoration = restoration(input, url, dump, context);
    try (Connection connection = Login.connect(url, input.within())) {
      Map<String, Long> rows = restored(input, dump, restoration, connection, url, context);
      Database made = Database.named(input.database(), connection).orElseThrow();
      return new Output(
          made.name(),
          made.oid(),
          dump.archive().path(),
          dump.sha256(),
          rows,
          RowCounts.sum(rows),
          dump.rows().isPresent(),
          new ByteSize(size(made, connection)),
          input.trial() ? null : dump.takenAt().orElse(null),
          Duration.ofNanos(System.nanoTime() - began));
    } catch (SQLException e) {
      throw Login.failure("The dump could not be restored", e, url, context);
    }
  }

  private static Restoration restoration(
      Input input, PostgresUrl url, Dump dump, ActionContext context) {
    return new Restoration(
        url,
        dump.archive(),
        dump.manifest(),
        input.jobs(),
        input.owners(),
        input.locale(),
        input.within(),
        context);
  }

  private static void requireFits(Input input) throws ActionException {
    Optional<String> refusal = Database.refusal(input.database());
    if (refusal.isPresent() || input.jobs() < 1) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          refusal.orElse("jobs must be at least 1") + ". Nothing was restored.");
    }
  }

  /** Unless a former attempt has come to its end and could not say so. */
  private static Map<String, Long> restored(
      Input input,
      Dump dump,
      Restoration restoration,
      Connection connection,
      PostgresUrl url,
      ActionContext context)
      throws ActionException, IOException, SQLException, InterruptedException {
    String mark = restoration.mark(dump.sha256());
    Optional<Database> there = Database.named(input.database(), connection);
    if (there.isPresent() && there.get().comment().equals(mark)) {
      try (Connection inside = Login.connect(url.at(input.database()), input.within())) {
        return RowCounts.of(inside, context);
      }
    }
    requireFree(there);
    try {
      Map<String, Long> rows = restoration.fill(connection);
      name(input.database(), mark, restoration.draft(), connection);
      return rows;
    } finally {
      clearAway(restoration.draft(), connection);
    }
  }

  private static void requireFree(Optional<Database> there) throws ActionException {
    if (there.isPresent()) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is a database "
              + there.get().name()
              + " already"
              + (there.get().comment().isEmpty() ? "" : " (" + there.get().comment() + ")")
              + ", and a dump is restored into a new one alone. Nothing was changed. Name another, or drop it if nobody needs it.");
    }
  }

  /** Both or neither, so that nothing has the name that isn't marked. */
  private static void name(String name, String mark, String draft, Connection connection)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      Sql.execute(
          connection, "COMMENT ON DATABASE " + Sql.identifier(draft) + " IS" + Sql.literal(mark));
      Sql.execute(
          connection,
          "ALTER DATABASE " + Sql.identifier(draft) + " RENAME TO " + Sql.identifier(name));
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** What happened must not be hidden by a server that has gone. */
  private static void clearAway(String draft, Connection connection) {
    try {
      Database.drop(draft, connection);
    } catch (SQLException e) {
      // The next attempt of the step drops it first.
    }
  }

  private static long size(Database made, Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_database_size(" + made.oid() + "::oid)")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    requireFits(input);
    Dump dump = Dump.examined(context.allowed(input.dump()), input.sha256(), context);
    try (Connection connection = Login.connect(url, Duration.ofSeconds(30))) {
      restoration(input, url, dump, context).requireFits(connection);
      requireFree(Database.named(input.database(), connection));
    } catch (SQLException e) {
      throw Login.failure("The dump can't be restored", e, url, context);
    }
    List<String> lines = new ArrayList<>(List.of("table\trows"));
    dump.rows().orElse(Map.of()).forEach((table, rows) -> lines.add(table + "\t" + rows));
    return new Preview(
        "Would restore "
            + dump.archive().path()
            + " ("
            + dump.archive().tables()
            + " tables) into a new database "
            + input.database(),
        true,
        lines.size() == 1 ? List.of() : List.of(new Detail(Preview.Kind.TABLE, "Rows", lines)),
        null);
  }
}
