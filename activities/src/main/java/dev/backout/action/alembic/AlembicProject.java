package dev.backout.action.alembic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.LoaderVariables;
import dev.backout.action.TextOrSecret;
import dev.backout.action.program.Command;
import dev.backout.action.program.Ended;
import dev.backout.action.program.In;
import dev.backout.action.program.Place;
import dev.backout.action.program.ProgramRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An Alembic project, spoken to by its own Python where it lives. All is read and done through its
 * env.py, so by its own settings: nothing here knows the database or its password.
 */
final class AlembicProject {
  private static final String MARK = "backout-answer ";
  private static final Pattern PYTHON = Pattern.compile("python[0-9.]*");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Place place;
  private final Where where;
  private final Map<String, String> environment;
  private final ActionContext context;

  /** How a step names it. */
  record Where(
      @Nullable In in,
      @Nullable Path directory,
      Path config,
      String python,
      Map<String, TextOrSecret> environment) {}

  private AlembicProject(
      Place place, Where where, Map<String, String> environment, ActionContext context) {
    this.place = place;
    this.where = where;
    this.environment = environment;
    this.context = context;
  }

  /**
   * @throws ActionException if the worker may not run Alembic, or may not run it so
   */
  static AlembicProject at(Where where, ActionContext context) throws ActionException {
    context.allowProgram("alembic");
    requirePython(where, context);
    LoaderVariables.refuse(where.environment().keySet(), where.python());
    return new AlembicProject(
        In.place(where.in(), context),
        where,
        Command.revealed(where.environment(), context),
        context);
  }

  /** The worker's operator allows `alembic`: no other program may come in by this name. */
  private static void requirePython(Where where, ActionContext context) throws ActionException {
    Path python = Path.of(where.python());
    if (!PYTHON.matcher(String.valueOf(python.getFileName())).matches()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "`python` must name a Python, such as python3 or /srv/app/.venv/bin/python, and is '"
              + where.python()
              + "'. Nothing was run; correct it.");
    }
    Path home = python.getParent();
    if (where.in() == null && home != null) {
      requireAllowed(
          python, where.directory() == null ? home : where.directory().resolve(home), context);
    }
  }

  /** A virtual environment lies in the project, and its Python is a link to one elsewhere. */
  private static void requireAllowed(Path python, Path home, ActionContext context)
      throws ActionException {
    try {
      var unused = context.allowed(home);
    } catch (ActionException e) {
      context.allowProgram(python.toString());
    }
  }

  String describe() {
    return place.describe();
  }

  /** Where the database is; nothing is changed. */
  State state(Duration timeout) throws ActionException, IOException, InterruptedException {
    return state(ask(request("current"), timeout, "alembic-current.txt").json());
  }

  /** The files' revisions, newest first; asks no database. */
  JsonNode history(int most, Duration timeout)
      throws ActionException, IOException, InterruptedException {
    return ask(request("history").put("most", most), timeout, "alembic-history.txt").json();
  }

  /**
   * What would be done.
   *
   * @param verb {@code downgrade}, {@code upgrade} or {@code stamp}
   * @param label of a step that is about to do it: what an attempt of it that was killed has left
   *     of a SQLite database is put back first. Null to look only.
   */
  Course course(String verb, String to, @Nullable String label, Duration timeout)
      throws ActionException, IOException, InterruptedException {
    ObjectNode request =
        request("plan").put("direction", verb).put("to", to).put("sql", label == null);
    if (label != null) {
      request.put("label", label);
    }
    JsonNode json = ask(request, timeout, "alembic-plan.txt").json();
    return new Course(
        state(json),
        list(json.path("steps"), AlembicProject::step),
        texts(json.path("after")),
        text(json, "sql"),
        text(json, "sqlProblem"));
  }

  /** Does it, from exactly these revisions. */
  Acted act(
      String verb, String to, List<String> expected, boolean purge, String label, Duration timeout)
      throws ActionException, IOException, InterruptedException {
    ObjectNode request = request("act").put("verb", verb).put("to", to).put("label", label);
    request.put("purge", purge).set("expected", JSON.valueToTree(expected));
    Answer answer = ask(request, timeout, "alembic-" + verb + ".txt");
    JsonNode json = answer.json();
    return new Acted(
        json.has("after") ? texts(json.path("after")) : null,
        text(json, "afterProblem"),
        text(json, "failed"),
        text(json, "halfDone"),
        text(json, "snapshot"),
        answer.log());
  }

  private ObjectNode request(String op) {
    return JSON.createObjectNode().put("op", op).put("config", where.config().toString());
  }

  private record Answer(JsonNode json, Path log) {}

  private Answer ask(ObjectNode request, Duration timeout, String evidence)
      throws ActionException, IOException, InterruptedException {
    AtomicReference<@Nullable String> answer = new AtomicReference<>();
    Command command =
        new Command(
            List.of(where.python(), "-c", Script.TEXT, request.toString()),
            where.directory(),
            environment,
            timeout);
    Ended ended =
        ProgramRun.succeed(
            command,
            place,
            List.of(0),
            evidence,
            line -> {
              if (line.startsWith(MARK)) {
                answer.set(line.substring(MARK.length()));
              }
            },
            context);
    JsonNode json = read(answer.get(), ended);
    if (json.has("problem")) {
      throw problem(json.path("problem"), ended);
    }
    return new Answer(json, ended.log());
  }

  private JsonNode read(@Nullable String answer, Ended ended) throws ActionException {
    try {
      if (answer != null) {
        return JSON.readTree(answer);
      }
    } catch (JsonProcessingException e) {
      // Said below, without the text.
    }
    throw new ActionException(
        Kind.UNKNOWN_OUTCOME,
        where.python()
            + " ended "
            + describe()
            + " without the answer that was expected. Its last words:\n"
            + ended.tail()
            + "\nAll of them: "
            + ended.log());
  }

  private ActionException problem(JsonNode problem, Ended ended) {
    return Problems.of(
        problem.path("kind").asText(),
        problem.path("text").asText().strip(),
        describe(),
        ended.log());
  }

  private static State state(JsonNode json) {
    return new State(
        json.path("where").asText(),
        json.path("takesBack").asBoolean(),
        texts(json.path("revisions")),
        texts(json.path("heads")),
        texts(json.path("unknown")),
        text(json, "interrupted"));
  }

  private static Step step(JsonNode json) {
    return new Step(
        json.path("revision").asText(),
        texts(json.path("down")),
        json.path("doc").asText(),
        json.path("file").asText(),
        json.path("upgrade").asText(),
        json.path("downgrade").asText(),
        json.path("change").asText(),
        texts(json.path("why")),
        texts(json.path("losses")));
  }

  static List<String> texts(JsonNode array) {
    return list(array, JsonNode::asText);
  }

  static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
    return StreamSupport.stream(array.spliterator(), false).map(element).toList();
  }

  private static @Nullable String text(JsonNode json, String name) {
    return json.hasNonNull(name) ? json.path(name).asText() : null;
  }
}
