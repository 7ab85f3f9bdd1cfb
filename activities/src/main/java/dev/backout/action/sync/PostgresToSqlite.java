package dev.backout.action.sync;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ByteSize;
import dev.backout.action.Disk;
import dev.backout.action.Preview;
import dev.backout.action.sqlite.Reading;
import dev.backout.action.sqlite.Replacement;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From a server into a file that takes the place of another. */
final class PostgresToSqlite implements CopyDatabase.Direction {
  private final PostgresSide source;
  private final Path target;
  private final CopyDatabase.Input input;
  private final ActionContext context;
  private final Replacement replacement;
  private final long began = System.nanoTime();

  PostgresToSqlite(
      PostgresSide source, SqliteSide target, CopyDatabase.Input input, ActionContext context) {
    this.source = source;
    this.target = target.path();
    this.input = input;
    this.context = context;
    this.replacement = new Replacement(this.target, "copy", context, stage -> {});
  }

  @Override
  public CopyDatabase.Output run()
      throws SQLException, IOException, ActionException, InterruptedException {
    replacement.requireSensible();
    try (TargetLock lock = TargetLock.take(target, context);
        PostgresSnapshot snapshot = snapshot()) {
      replacement.requireNobodyHasItOpen();
      replacement.removeUnfinished();
      Path draft = replacement.draft();
      try {
        return write(snapshot, draft);
      } catch (IOException | SQLException e) {
        throw failure(e);
      } finally {
        replacement.discard(draft);
      }
    }
  }

  private PostgresSnapshot snapshot() throws ActionException {
    try {
      return PostgresSnapshot.take(source);
    } catch (SQLException e) {
      throw source.failure("The source can't be read", e, context);
    }
  }

  private CopyDatabase.Output write(PostgresSnapshot snapshot, Path draft)
      throws SQLException, IOException, ActionException, InterruptedException {
    Schema schema = schema(snapshot);
    List<String> clock = snapshot.clockNotes(input.overlap());
    replacement.requireSpace(space(schema), "Copying " + source);
    try (SqliteDraft written = SqliteDraft.begin(draft, target, context);
        Conflicts conflicts = new Conflicts(context, Set.copyOf(input.mask()))) {
      Matching matching = Matching.of(schema, written.schema(), input.wish());
      matching.require();
      Scope scope = Scope.of(matching.matches(), input, snapshot.taken());
      Progress progress = new Progress(context, expected(scope));
      List<TableReport> reports = fill(snapshot, written, matching, scope, conflicts, progress);
      conflicts.close();
      written.commit();
      Path former = replacement.replaceBy(draft, input.keepFormer());
      return new CopyDatabase.Output(
          source + " → " + target,
          reports,
          reports.stream().mapToLong(TableReport::read).sum(),
          reports.stream().mapToLong(TableReport::conflicts).sum(),
          snapshot.taken(),
          snapshot.taken().toString(),
          ClockSkew.with(matching.notes(), clock),
          conflicts.file(),
          former,
          new ByteSize(progress.bytes()),
          Duration.ofNanos(System.nanoTime() - began));
    }
  }

  private Schema schema(PostgresSnapshot snapshot) throws ActionException {
    try {
      return snapshot.schema();
    } catch (SQLException e) {
      throw source.failure("The source's tables can't be read", e, context);
    }
  }

  private List<TableReport> fill(
      PostgresSnapshot snapshot,
      SqliteDraft written,
      Matching matching,
      Scope scope,
      Conflicts conflicts,
      Progress progress)
      throws SQLException, IOException, ActionException, InterruptedException {
    written.prepare(matching.matches(), scope.anew());
    Map<Match, StagedRows> staged = new LinkedHashMap<>();
    for (Map.Entry<Match, Pair> entry : scope.changed().entrySet()) {
      StagedRows rows =
          StagedRows.of(written.connection(), entry.getKey(), entry.getValue(), staged.size());
      rows.create();
      staged.put(entry.getKey(), rows);
    }
    Map<String, Long> read = new LinkedHashMap<>();
    pump(snapshot, written, scope.loads(staged, input.position()), read, progress);
    List<TableReport> reports = new ArrayList<>();
    for (Match match : matching.matches()) {
      StagedRows rows = staged.get(match);
      progress.tell(match);
      reports.add(
          rows == null
              ? counted(written, match, read.getOrDefault(Dialect.quote(match.target()), 0L))
              : new Merging(input, conflicts, Dialect.SQLITE)
                  .apply(rows, read.getOrDefault(rows.rows(), 0L)));
    }
    complete(written, matching.matches());
    return reports;
  }

  private void pump(
      PostgresSnapshot snapshot,
      SqliteDraft written,
      List<Load> loads,
      Map<String, Long> read,
      Progress progress)
      throws SQLException, ActionException, InterruptedException {
    Pump.Sink sink =
        new Pump.Sink() {
          @Override
          public void write(Batch batch) throws SQLException, ActionException {
            written.write(batch);
          }

          @Override
          public void ended(Load load, long rows) throws SQLException {
            written.ended(load);
            read.put(load.into(), rows);
          }
        };
    try {
      new Pump(snapshot, loads).run(sink, progress);
    } catch (Pump.ReadException e) {
      throw unreadable(e);
    }
  }

  private ActionException unreadable(Pump.ReadException problem) {
    String what =
        "The source could not be read to the end, at "
            + problem.getMessage()
            + "; "
            + target
            + " is as it was";
    if (problem.getCause() instanceof OutOfMemoryError) {
      return TooLarge.of(String.valueOf(problem.getMessage()), problem);
    }
    return problem.getCause() instanceof SQLException e
        ? source.failure(what, e, context)
        : new ActionException(Kind.PERMANENT, what + ": " + problem.getCause(), problem);
  }

  private static TableReport counted(SqliteDraft written, Match match, long read)
      throws SQLException, ActionException {
    long rows = written.count(match.target());
    if (rows != read) {
      throw new ActionException(
          Kind.PERMANENT,
          match
              + " has "
              + rows
              + " rows in the copy, and "
              + read
              + " were read. The target is as it was; tell the makers of Backout.");
    }
    return new TableReport(match.source().name(), read, read, 0, 0, 0, 0, rows);
  }

  private void complete(SqliteDraft written, List<Match> matches)
      throws SQLException, ActionException {
    context.heartbeat("making indexes");
    written.complete(matches);
    context.heartbeat("checking references");
    new SqliteReferences(written.connection(), written.schema()).require();
  }

  private static long expected(Scope scope) {
    return scope.anew().stream().mapToLong(match -> match.source().estimatedRows()).sum();
  }

  /**
   * Texts of times are longer than PostgreSQL's eight bytes, and its rows have more around them.
   */
  private long space(Schema schema) throws IOException {
    long rows =
        input.mode() == CopyDatabase.Mode.FULL
            ? schema.tables().stream().mapToLong(table -> Math.max(0, table.bytes())).sum()
            : 0;
    return rows + rows / 4 + (Files.exists(target) ? Files.size(target) : 0);
  }

  private ActionException failure(Exception problem) {
    boolean full = Disk.isFull(problem);
    return new ActionException(
        Kind.PERMANENT,
        (full
                ? "The disk of " + Disk.directoryOf(target) + " is full"
                : "The copy could not be written: "
                    + context.mask(String.valueOf(problem.getMessage())))
            + ". "
            + target
            + " is as it was."
            + (full ? " Free some space, then retry." : ""),
        problem);
  }

  @Override
  public Preview preview() throws SQLException, IOException, ActionException {
    replacement.requireSensible();
    try (PostgresSnapshot snapshot = snapshot()) {
      Schema schema = schema(snapshot);
      Matching matching = Matching.of(schema, targetSchema(), input.wish());
      Previews previews = new Previews(source + " → " + target, input, matching);
      previews.scope(snapshot.taken());
      previews.obstacle(replacement::requireNobodyHasItOpen);
      previews.obstacle(() -> replacement.requireSpace(space(schema), "Copying " + source));
      return previews.preview();
    }
  }

  private Schema targetSchema() throws SQLException, IOException {
    if (!Files.exists(target) || Files.size(target) == 0) {
      return new Schema(Dialect.SQLITE, "main", List.of(), List.of());
    }
    try (Reading reading = Reading.of(target, context)) {
      return Dialect.SQLITE.read(reading.connection(), "main");
    }
  }
}
