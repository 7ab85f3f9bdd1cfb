package dev.backout.action.postgres;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings the planner's statistics up to date. */
@ActionInfo(
    name = "postgres.analyze",
    summary = "Have PostgreSQL bring its statistics of tables up to date",
    description =
        "Queries are planned by these statistics: after a restore, an import or a migration they may be missing or wrong. It blocks neither reading nor writing.",
    repeatable = Repeatable.SAFE,
    because = "It only counts anew.",
    nothingToUndo = true)
public final class AnalyzeDatabase
    implements Action<AnalyzeDatabase.Input, AnalyzeDatabase.Output> {

  public record Input(
      @Doc("The server, the login and the database, such as `secret:DATABASE_URL`.")
          TextOrSecret url,
      @Doc("Another database of the server than the URL's.") @Nullable String database,
      @Doc(
              value = "Tables, with their schema unless it is on the search path. All if empty.",
              defaultValue = "[]")
          List<String> tables,
      @Doc(value = "When PostgreSQL gives it up.", defaultValue = "1h") Duration timeout) {}

  public record Output(@Doc(value = "How long it took.", reading = true) Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    long began = System.nanoTime();
    PostgresUrl url = PostgresUrl.of(input.url(), input.database(), context);
    try (Connection connection = Login.connect(url, input.timeout().plusSeconds(5))) {
      Sql.execute(connection, "SET statement_timeout = " + Math.max(1, input.timeout().toMillis()));
      Sql.execute(connection, ("ANALYZE " + tables(input)).strip());
      return new Output(Duration.ofNanos(System.nanoTime() - began));
    } catch (SQLException e) {
      throw Login.failure("The statistics could not be brought up to date", e, url, context);
    }
  }

  private static String tables(Input input) {
    return input.tables().stream()
        .map(
            table ->
                Arrays.stream(table.split("\\."))
                    .map(Sql::identifier)
                    .collect(Collectors.joining(".")))
        .collect(Collectors.joining(", "));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    PostgresUrl url = PostgresUrl.of(input.url(), input.database(), context);
    return new Preview(
        "Would analyze "
            + (input.tables().isEmpty() ? "all tables" : String.join(", ", input.tables()))
            + " of "
            + url.database(),
        true,
        List.of(),
        null);
  }
}
