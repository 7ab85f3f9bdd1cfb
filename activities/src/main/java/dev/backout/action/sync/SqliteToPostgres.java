package dev.backout.action.sync;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ByteSize;
import dev.backout.action.Preview;
import dev.backout.action.sqlite.Reading;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** From a file into a server, in one transaction. */
final class SqliteToPostgres implements CopyDatabase.Direction {
  private static final Pattern LINE = Pattern.compile("COPY .*?, line (\\d+)(?:, column ([^:]+))?");

  private final Path source;
  private final PostgresSide target;
  private final CopyDatabase.Input input;
  private final ActionContext context;
  private final long began = System.nanoTime();

  SqliteToPostgres(
      SqliteSide source, PostgresSide target, CopyDatabase.Input input, ActionContext context) {
    this.source = source.path();
    this.target = target;
    this.input = input;
    this.context = context;
  }

  @Override
  public CopyDatabase.Output run() throws SQLException, IOException, ActionException {
    requireSource();
    Instant asOf = Instant.now();
    try (Reading reading = Reading.of(source, context);
        Connection connection = connect();
        Conflicts conflicts = new Conflicts(context, Set.copyOf(input.mask()))) {
      try {
        return write(reading.connection(), new PostgresDraft(connection), conflicts, asOf);
      } catch (SQLException e) {
        throw failure(e);
      }
    }
  }

  private CopyDatabase.Output write(
      Connection reading, PostgresDraft draft, Conflicts conflicts, Instant asOf)
      throws SQLException, IOException, ActionException {
    draft.begin(target.schema(), input.lockTimeout(), context.call());
    hold(reading);
    List<String> clock = ClockSkew.notes(draft.connection(), input.overlap());
    Schema schema = Dialect.POSTGRES.read(draft.connection(), target.schema());
    Matching matching = Matching.of(Dialect.SQLITE.read(reading, "main"), schema, input.wish());
    matching.require();
    Scope scope = Scope.of(matching.matches(), input, asOf);
    Progress progress = new Progress(context, -1);
    List<TableReport> reports = fill(reading, draft, matching, scope, conflicts, progress);
    context.heartbeat("checking references");
    new PostgresReferences(draft.connection(), schema).require(matching.matches());
    draft.complete(matching.matches());
    conflicts.close();
    commit(draft.connection());
    return new CopyDatabase.Output(
        source + " → " + target,
        reports,
        reports.stream().mapToLong(TableReport::read).sum(),
        reports.stream().mapToLong(TableReport::conflicts).sum(),
        asOf,
        asOf.toString(),
        ClockSkew.with(matching.notes(), clock),
        conflicts.file(),
        null,
        new ByteSize(progress.bytes()),
        Duration.ofNanos(System.nanoTime() - began));
  }

  private void requireSource() throws ActionException {
    if (!Files.isRegularFile(source)) {
      throw new ActionException(
          Kind.INVALID_INPUT, "There is no database " + source + ". Correct the path.");
    }
  }

  private Connection connect() throws ActionException {
    try {
      return target.connect();
    } catch (SQLException e) {
      throw target.failure("The target can't be reached", e, context);
    }
  }

  /** All of it as of one instant, whatever an application writes meanwhile. */
  private static void hold(Connection reading) throws SQLException {
    try (Statement statement = reading.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
    }
  }

  private List<TableReport> fill(
      Connection reading,
      PostgresDraft draft,
      Matching matching,
      Scope scope,
      Conflicts conflicts,
      Progress progress)
      throws SQLException, IOException, ActionException {
    draft.prepare(matching.matches(), scope.anew());
    Map<Match, StagedRows> staged = new LinkedHashMap<>();
    for (Map.Entry<Match, Pair> entry : scope.changed().entrySet()) {
      StagedRows rows =
          StagedRows.of(draft.connection(), entry.getKey(), entry.getValue(), staged.size());
      rows.create();
      staged.put(entry.getKey(), rows);
    }
    Map<String, Long> read = new LinkedHashMap<>();
    for (Load load : scope.loads(staged, input.position())) {
      read.put(load.into(), copy(reading, draft.connection(), load, progress));
    }
    List<TableReport> reports = new ArrayList<>();
    for (Match match : matching.matches()) {
      StagedRows rows = staged.get(match);
      progress.tell(match);
      reports.add(
          rows == null
              ? counted(draft, match, read.getOrDefault(Dialect.quote(match.target()), 0L))
              : new Merging(input, conflicts, Dialect.POSTGRES)
                  .apply(rows, read.getOrDefault(rows.rows(), 0L)));
    }
    return reports;
  }

  private static TableReport counted(PostgresDraft draft, Match match, long read)
      throws SQLException, ActionException {
    long rows = draft.count(Dialect.quote(match.target()));
    if (rows != read) {
      throw new ActionException(
          Kind.PERMANENT,
          match
              + " has "
              + rows
              + " rows in the target, and "
              + read
              + " were read: something else adds or drops rows, such as a rule. Nothing was changed.");
    }
    return new TableReport(match.source().name(), read, read, 0, 0, 0, 0, rows);
  }

  private long copy(Connection reading, Connection writing, Load load, Progress progress)
      throws SQLException, ActionException {
    SqliteRows rows = new SqliteRows(reading, load);
    CopyIn copy =
        new CopyManager(writing.unwrap(BaseConnection.class))
            .copyIn(
                "COPY "
                    + load.into()
                    + " ("
                    + Dialect.quote(
                        load.pairs().stream().map(pair -> pair.target().name()).toList())
                    + ") FROM STDIN");
    try {
      CopyText text = new CopyText(copy);
      long count = rows.writeTo(text, progress);
      text.flush();
      copy.endCopy();
      return count;
    } catch (PSQLException e) {
      throw refusal(e, rows, load);
    } catch (OutOfMemoryError e) {
      throw TooLarge.of(load.toString(), e);
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** PostgreSQL's own words, with the row's key in place of its number. */
  private ActionException refusal(PSQLException problem, SqliteRows rows, Load load)
      throws SQLException {
    ServerErrorMessage server = problem.getServerErrorMessage();
    Matcher line = LINE.matcher(server == null ? "" : String.valueOf(server.getWhere()));
    if (server == null || !line.find()) {
      return target.failure(
          "The copy could not be written, at " + load + "; the target is as it was",
          problem,
          context);
    }
    return new ActionException(
        Kind.PERMANENT,
        "The target refuses "
            + rows.describe(Long.parseLong(line.group(1)))
            + (line.group(2) == null ? "" : ", column " + line.group(2))
            + ": "
            + context.mask(String.valueOf(server.getMessage()))
            + " ("
            + problem.getSQLState()
            + "). Correct the value, or name the table under except. Nothing was changed.",
        problem);
  }

  private ActionException failure(SQLException problem) {
    boolean inUse = "55P03".equals(problem.getSQLState());
    return target.failure(
        inUse
            ? "Something is using the target's tables: stop it first. The target is as it was"
            : "The copy could not be written; the target is as it was",
        problem,
        context);
  }

  private void commit(Connection connection) throws ActionException {
    try {
      connection.commit();
    } catch (SQLException e) {
      ActionException failure =
          target.failure("The transaction was about to be committed", e, context);
      boolean unknown = failure.kind() == Kind.TRANSIENT;
      throw new ActionException(
          unknown ? Kind.UNKNOWN_OUTCOME : Kind.PERMANENT,
          failure.getMessage()
              + (unknown
                  ? ". Whether it was can't be told: compare both sides."
                  : ". Nothing was changed."),
          e);
    }
  }

  @Override
  public Preview preview() throws SQLException, IOException, ActionException {
    requireSource();
    try (Reading reading = Reading.of(source, context);
        Connection connection = connect()) {
      connection.setReadOnly(true);
      Matching matching =
          Matching.of(
              Dialect.SQLITE.read(reading.connection(), "main"),
              Dialect.POSTGRES.read(connection, target.schema()),
              input.wish());
      Previews previews = new Previews(source + " → " + target, input, matching);
      previews.scope(Instant.now());
      return previews.preview();
    }
  }
}
