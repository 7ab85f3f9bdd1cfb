package dev.backout.action.sqlite;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Proves that a database is whole and has what it should. */
@ActionInfo(
    name = "sqlite.verify",
    summary = "Verify that a SQLite database is whole and complete",
    description =
        """
        Has SQLite read the whole database, follows its foreign keys, counts the rows of each table,
        and fails with all that is wrong. A database that is in use can be verified too; nothing is
        written, neither to it nor beside it.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class VerifyDatabase implements Action<VerifyDatabase.Input, VerifyDatabase.Output> {
  private static final int SHOWN = 10;

  public record Input(
      @Doc("The database.") Path database,
      @Doc(
              value =
                  "How thoroughly it is read: `quick` reads every page, `full` also compares each"
                      + " index with its table, and takes several times as long.",
              defaultValue = "quick")
          Check check,
      @Doc(value = "Whether to look for rows that point at nothing.", defaultValue = "true")
          boolean foreignKeys,
      @Doc(value = "Tables that it must have.", defaultValue = "[]") List<String> expectedTables,
      @Doc(value = "How many rows a table must have at least, by its name.", defaultValue = "{}")
          Map<String, Long> minimumRows) {}

  public record Output(
      @Doc("The database.") Path database,
      @Doc("How thoroughly it was read.") Check check,
      @Doc("How many rows each table has.") Map<String, Long> tables,
      @Doc("How many rows there are in all of them.") long rows,
      @Doc("Its length, without what is in a write-ahead log.") ByteSize size,
      @Doc(value = "How long it took.", reading = true) Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    long start = System.nanoTime();
    Path database = context.allowed(input.database());
    if (!Files.isRegularFile(database)) {
      throw new ActionException(
          Kind.INVALID_INPUT, "There is no database " + database + ". Correct the path.");
    }
    if (Files.size(database) == 0 && Sidecars.withContent(database).isEmpty()) {
      throw failure(database, List.of("it is empty"));
    }
    Map<String, Long> tables;
    try (Reading reading = Reading.of(database, context)) {
      requireWhole(database, reading, input);
      tables = reading.rowCounts();
    } catch (SQLException e) {
      throw Connections.isDamage(e)
          ? failure(database, List.of(String.valueOf(e.getMessage())))
          : unreadable(database, e);
    }
    requireRows(database, tables, input);
    return new Output(
        database,
        input.check(),
        tables,
        tables.values().stream().mapToLong(Long::longValue).sum(),
        new ByteSize(Files.size(database)),
        Duration.ofNanos(System.nanoTime() - start));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    Output verified = run(input, context);
    List<String> lines = new ArrayList<>(List.of("table\trows"));
    verified.tables().forEach((table, rows) -> lines.add(table + "\t" + rows));
    return new Preview(
        verified.database() + " is whole: " + verified.rows() + " rows",
        false,
        List.of(new Preview.Detail(Preview.Kind.TABLE, "Rows", lines)),
        verified);
  }

  private static void requireWhole(Path database, Reading reading, Input input)
      throws SQLException, ActionException {
    List<String> problems = new ArrayList<>(reading.problems(input.check()));
    if (problems.isEmpty() && input.foreignKeys()) {
      problems.addAll(reading.danglingRows(SHOWN));
    }
    if (!problems.isEmpty()) {
      throw failure(database, problems);
    }
  }

  private static void requireRows(Path database, Map<String, Long> tables, Input input)
      throws ActionException {
    List<String> problems = new ArrayList<>();
    for (String table : input.expectedTables()) {
      if (!tables.containsKey(table)) {
        problems.add("there is no table " + table);
      }
    }
    input
        .minimumRows()
        .forEach(
            (table, minimum) -> {
              long rows = tables.getOrDefault(table, 0L);
              if (rows < minimum) {
                problems.add(table + " has " + rows + " rows, at least " + minimum + " expected");
              }
            });
    if (!problems.isEmpty()) {
      throw failure(database, problems);
    }
  }

  private static ActionException failure(Path database, List<String> problems) {
    return new ActionException(
        Kind.PERMANENT,
        database
            + " does not hold what it should: "
            + String.join("; ", problems)
            + ". Restore it from a backup that passes.");
  }

  private static ActionException unreadable(Path database, SQLException problem) {
    return new ActionException(
        Connections.isBusy(problem) ? Kind.TRANSIENT : Kind.PERMANENT,
        "Could not read " + database + ": " + problem.getMessage() + ".",
        problem);
  }
}
