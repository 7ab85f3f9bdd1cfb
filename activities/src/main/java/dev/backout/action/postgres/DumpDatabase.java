package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Amounts;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a dump that can be trusted. */
@ActionInfo(
    name = "postgres.dump",
    summary = "Dump a PostgreSQL database, and prove that the dump can be read",
    description =
        """
        Runs `pg_dump` on the worker, reads the dump back by `pg_restore`, and only then gives it its name, `NAME-TIME.dump`, with a manifest beside it: the
        SHA-256, the versions, and how many rows each table has in the very snapshot that was dumped. `postgres.findBackup` goes by it, and
        `postgres.restore` compares what is restored with it.

        ```yaml
        uses: postgres.dump
        with: { url: "secret:DATABASE_URL", directory: /srv/backups }
        timeout: 1h
        ```

        With `verify: restore` the dump is restored into a scratch database on the same server, counted and dropped again, for which the login must be
        allowed to create databases. The worker needs `pg_dump` and `pg_restore` on its `PATH`, of the server's version or later. The password
        goes to them through the environment. A dump that fails leaves nothing behind.
        """,
    repeatable = Repeatable.SAFE,
    because = "Each time makes a dump of its own, and touches no other.",
    nothingToUndo = true)
public final class DumpDatabase implements Action<DumpDatabase.Input, DumpDatabase.Output> {

  public record Input(
      @Doc("The server, the login and the database, such as `secret:DATABASE_URL`.")
          TextOrSecret url,
      @Doc("Where the dump goes. It must be there.") Path directory,
      @Doc("What its name begins with. The database's name if absent.") @Nullable String name,
      @Doc(
              value = "`custom` is one file, `directory` one file for each table.",
              defaultValue = "custom")
          DumpFormat format,
      @Doc(
              value = "How many tables at a time; more than one needs `directory`.",
              defaultValue = "1")
          int jobs,
      @Doc(
              value =
                  "How it is proven: `list` has pg_restore read its table of contents, `read` all of it, and `restore` also restores it"
                      + " into a scratch database.",
              defaultValue = "read")
          Verification verify,
      @Doc(value = "Whether the rows of each table are counted.", defaultValue = "true")
          boolean count,
      @Doc(value = "How long pg_dump waits for a lock on a table.", defaultValue = "30s")
          Duration lockTimeout,
      @Doc(
              value =
                  "When it is given up; the step's own `timeout`, 10m unless it says otherwise, counts too.",
              defaultValue = "4h")
          Duration within) {}

  public record Output(
      @Doc("The dump.") Path path,
      @Doc("Its manifest.") Path manifest,
      @Doc("The moment whose data it holds.") Instant takenAt,
      @Doc("Its length.") ByteSize size,
      @Doc("Its SHA-256, hexadecimal; of a directory, of what `sha256sum *` prints for it.")
          String sha256,
      @Doc("The database.") String database,
      @Doc("The server's version.") String serverVersion,
      @Doc("pg_dump's version.") String clientVersion,
      @Doc("How many rows each table has, by SCHEMA.TABLE; empty if they were not counted.")
          Map<String, Long> tables,
      @Doc("How many rows there are in all of them.") long rows,
      @Doc("How it was proven.") Verification verified,
      @Doc(value = "How long it took.", reading = true) Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    Path directory = directory(input, context);
    ClientPrograms programs = new ClientPrograms(context);
    Version client = programs.version(ClientPrograms.DUMP);
    Version unused = programs.version(ClientPrograms.RESTORE);
    try (Snapshot snapshot = Snapshot.take(url, input.within())) {
      snapshot.requireClient(client);
      return new Dumping(input, url, directory, snapshot, client, context).carryOut();
    } catch (SQLException e) {
      throw Login.failure("The database could not be dumped", e, url, context);
    }
  }

  private static Path directory(Input input, ActionContext context) throws ActionException {
    if (input.jobs() < 1 || (input.jobs() > 1 && input.format() == DumpFormat.CUSTOM)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "jobs is "
              + input.jobs()
              + ", and can be more than 1 with `format: directory` alone. Nothing was dumped.");
    }
    if (input.name() != null && !input.name().matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "name must begin a file's name: letters, digits, '_', '-' and '.'. Nothing was dumped.");
    }
    Path directory = context.allowed(input.directory());
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no directory " + directory + " for the dump. Make it, or name another.");
    }
    return directory;
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    PostgresUrl url = PostgresUrl.parse(context.reveal(input.url().text()));
    Path directory = directory(input, context);
    Version client = new ClientPrograms(context).version(ClientPrograms.DUMP);
    try (Snapshot snapshot = Snapshot.take(url, Duration.ofSeconds(30))) {
      snapshot.requireClient(client);
      long free = Files.getFileStore(directory).getUsableSpace();
      String sizes =
          "The database takes "
              + Amounts.text(snapshot.size())
              + " on the server; a dump is mostly smaller. "
              + Amounts.text(free)
              + " are free in "
              + directory
              + ".";
      return new Preview(
          "Would dump "
              + url.database()
              + " of PostgreSQL "
              + snapshot.server()
              + " into "
              + directory,
          true,
          List.of(
              new Detail(
                  snapshot.size() > free ? Preview.Kind.PROBLEM : Preview.Kind.NOTE,
                  "Room",
                  List.of(sizes))),
          null);
    } catch (SQLException e) {
      throw Login.failure("The database can't be dumped", e, url, context);
    }
  }
}
