package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.program.Answer;
import dev.backout.action.program.Command;
import dev.backout.action.program.OnWorker;
import dev.backout.action.program.ProgramRun;
import dev.backout.action.program.Question;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * PostgreSQL's own programs, {@code pg_dump} and {@code pg_restore}, on the worker's {@code PATH}.
 * A password goes to them through the environment, and into no argument and no file.
 */
final class ClientPrograms {
  static final String DUMP = "pg_dump";
  static final String RESTORE = "pg_restore";

  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** What a program says is read by more than people. */
  private static final Map<String, String> ENGLISH = Map.of("LC_ALL", "C.UTF-8");

  private static final Pattern PASSING =
      Pattern.compile(
          "(?i)connection refused|could not connect|server closed the connection|no route to host"
              + "|the database system is (starting up|shutting down|in recovery mode)|terminating connection"
              + "|too many clients|timeout expired|remaining connection slots");

  private final ActionContext context;

  ClientPrograms(ActionContext context) {
    this.context = context;
  }

  /**
   * @throws ActionException if the program isn't there
   */
  Version version(String program) throws ActionException, InterruptedException {
    Answer answer = ask(List.of(program, "--version"));
    if (answer.exitCode() != 0) {
      throw new ActionException(
          Kind.PERMANENT,
          "`" + program + " --version` failed: " + answer.err().strip() + ". Nothing was changed.");
    }
    return Version.in(answer.out());
  }

  private Answer ask(List<String> words) throws ActionException, InterruptedException {
    return read(words, ANSWER);
  }

  /** Has a program read a dump; no server has a part in it, and nothing is changed. */
  Answer read(List<String> words, Duration within) throws ActionException, InterruptedException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(ENGLISH);
    return Question.ask(
        words,
        Path.of("/"),
        environment,
        within,
        () -> context.heartbeat("running " + words.get(0)));
  }

  /**
   * Has one work on a database.
   *
   * @param words the program and its options; the database is added
   */
  void act(List<String> words, PostgresUrl url, Duration within, String evidence)
      throws ActionException, IOException, InterruptedException {
    List<String> all = new ArrayList<>(words);
    all.addAll(1, List.of("--no-password", "--dbname=" + url.libpq()));
    context.conceal(url.password());
    Map<String, String> environment = new HashMap<>(ENGLISH);
    environment.put("PGPASSWORD", url.password());
    // What is said in the URL counts, whatever the worker's own environment says.
    environment.put("PGHOSTADDR", "");
    environment.put("PGPORT", "5432");
    environment.put("PGOPTIONS", "");
    environment.put("PGAPPNAME", "backout");
    environment.put("PGCONNECT_TIMEOUT", "10");
    run(all, environment, within, evidence);
  }

  private void run(
      List<String> words, Map<String, String> environment, Duration within, String evidence)
      throws ActionException, IOException, InterruptedException {
    try {
      var unused =
          ProgramRun.succeed(
              new Command(words, null, environment, within),
              new OnWorker(),
              List.of(0),
              evidence,
              context);
    } catch (ActionException e) {
      throw e.kind() == Kind.PERMANENT && PASSING.matcher(e.getMessage()).find()
          ? new ActionException(Kind.TRANSIENT, e.getMessage(), e)
          : e;
    }
  }
}
