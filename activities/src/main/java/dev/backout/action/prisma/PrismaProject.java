package dev.backout.action.prisma;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A project that uses Prisma, spoken to by its own command line where it lives. The database is
 * found as the project finds it.
 *
 * <p>What `prisma migrate status` prints says less than it knows: of a database that lacks one
 * migration and in which another has failed it names the first alone, and a file that was changed
 * after it was run it doesn't mention. What its engine has found out it prints as JSON where DEBUG
 * asks for it, and that is what is read here.
 */
final class PrismaProject {
  private static final String NAMESPACE = "prisma:migrate:status";
  private static final Pattern DIAGNOSIS =
      Pattern.compile("^\\s*\"diagnoseResult\": (\".*\"),?\\s*$");
  private static final Pattern HEADER = Pattern.compile("^==> (.*) <==$");
  private static final int MOST_LINES = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, String> QUIET =
      Map.of(
          "NO_COLOR", "1", "CHECKPOINT_DISABLE", "1", "PRISMA_HIDE_UPDATE_MESSAGE", "1", "CI", "1");

  private final Place place;
  private final Where where;
  private final Map<String, String> environment;
  private final ActionContext context;
  private final AtomicInteger runs = new AtomicInteger();

  /** How a step names it. */
  record Where(
      @Nullable In in,
      @Nullable Path directory,
      String prisma,
      @Nullable Path schema,
      @Nullable Path config,
      Path migrations,
      Map<String, TextOrSecret> environment) {}

  private PrismaProject(
      Place place, Where where, Map<String, String> environment, ActionContext context) {
    this.place = place;
    this.where = where;
    this.environment = environment;
    this.context = context;
  }

  /**
   * @throws ActionException if the worker may not run Prisma, or may not run it so
   */
  static PrismaProject at(Where where, ActionContext context) throws ActionException {
    context.allowProgram("prisma");
    requirePrisma(where, context);
    LoaderVariables.refuse(where.environment().keySet(), "prisma");
    refuseEngines(where.environment());
    Map<String, String> environment = new HashMap<>(QUIET);
    environment.putAll(Command.revealed(where.environment(), context));
    return new PrismaProject(In.place(where.in(), context), where, environment, context);
  }

  /** The worker's operator allows `prisma`: no other program may come in by this name. */
  private static void requirePrisma(Where where, ActionContext context) throws ActionException {
    Path prisma = Path.of(where.prisma());
    if (!String.valueOf(prisma.getFileName()).equals("prisma")) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "`prisma` must name Prisma's command line, such as node_modules/.bin/prisma, and is '"
              + where.prisma()
              + "'. Nothing was run; correct it.");
    }
    Path home = prisma.getParent();
    Path directory = where.directory();
    if (where.in() == null && home != null) {
      var unused = context.allowed(directory == null ? home : directory.resolve(home));
    }
  }

  /** By some of these Prisma would start another program as its engine. */
  private static void refuseEngines(Map<String, TextOrSecret> environment) throws ActionException {
    List<String> refused =
        environment.keySet().stream()
            .filter(name -> name.toUpperCase(Locale.ROOT).startsWith("PRISMA_"))
            .sorted()
            .toList();
    if (!refused.isEmpty()) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          "The environment of prisma may not be given "
              + String.join(", ", refused)
              + ": by such variables it starts other programs as its engines. Nothing was run; take it out of the step, or set it where the project lives.");
    }
  }

  String describe() {
    return place.describe();
  }

  /** How the database's migrations are; nothing is changed. */
  State state(Duration timeout) throws ActionException, IOException, InterruptedException {
    AtomicReference<@Nullable String> diagnosis = new AtomicReference<>();
    Map<String, String> asking = new HashMap<>(environment);
    asking.put("DEBUG", NAMESPACE);
    asking.put("DEBUG_COLORS", "false");
    Ended ended =
        run(
            new Command(prisma("status"), where.directory(), asking, timeout),
            List.of(0, 1),
            "prisma-status.txt",
            line -> {
              Matcher matcher = DIAGNOSIS.matcher(line);
              if (matcher.matches()) {
                diagnosis.set(matcher.group(1));
              }
            });
    String found = diagnosis.get();
    if (found != null) {
      return State.of(read(found, ended));
    }
    if (ended.exitCode() == 0) {
      throw silent(ended);
    }
    throw Problems.of(ended, describe());
  }

  /** A text in JSON that holds JSON. */
  private JsonNode read(String quoted, Ended ended) throws ActionException {
    try {
      return JSON.readTree(JSON.readTree(quoted).asText());
    } catch (JsonProcessingException e) {
      throw silent(ended);
    }
  }

  private ActionException silent(Ended ended) {
    return new ActionException(
        Kind.PERMANENT,
        "`prisma migrate status` ended well "
            + describe()
            + " without what it prints of its engine's diagnosis for DEBUG="
            + NAMESPACE
            + ". Is this a Prisma that Backout doesn't know? Nothing was changed; 7 is known to work. All that it said: "
            + ended.log());
  }

  /** Has it do something; how it ended is to be seen in the database. */
  Ended act(List<String> words, String evidence, Duration timeout)
      throws ActionException, IOException, InterruptedException {
    return run(
        new Command(prisma(words.toArray(String[]::new)), where.directory(), environment, timeout),
        List.of(0, 1),
        evidence,
        line -> {});
  }

  private List<String> prisma(String... words) {
    List<String> all = new ArrayList<>(List.of(where.prisma(), "migrate"));
    all.addAll(List.of(words));
    Path schema = where.schema();
    if (schema != null) {
      all.addAll(List.of("--schema", schema.toString()));
    }
    Path config = where.config();
    if (config != null) {
      all.addAll(List.of("--config", config.toString()));
    }
    return all;
  }

  /**
   * The SQL of migrations, by name, at most 500 lines of each.
   *
   * @throws ActionException if it can't be read there
   */
  Map<String, String> sql(List<String> names, Duration timeout)
      throws ActionException, IOException, InterruptedException {
    Map<String, String> found = new LinkedHashMap<>();
    if (names.isEmpty()) {
      return found;
    }
    List<String> words = new ArrayList<>(List.of("head", "-v", "-n", String.valueOf(MOST_LINES)));
    names.forEach(
        name -> words.add(where.migrations().resolve(name).resolve("migration.sql").toString()));
    AtomicReference<String> current = new AtomicReference<>("");
    Ended ended =
        run(
            new Command(words, where.directory(), Map.of(), timeout),
            List.of(0, 1),
            "prisma-pending.sql",
            line -> {
              Matcher header = HEADER.matcher(line);
              if (header.matches()) {
                // …/NAME/migration.sql
                Path file = Path.of(header.group(1));
                String name = file.getName(file.getNameCount() - 2).toString();
                current.set(name);
                found.putIfAbsent(name, "");
              } else if (names.contains(current.get())) {
                found.merge(current.get(), line + "\n", String::concat);
              }
            });
    if (ended.exitCode() != 0 || !found.keySet().containsAll(names)) {
      throw new ActionException(
          Kind.PERMANENT,
          "The SQL of the migrations can't be read "
              + describe()
              + ": "
              + ended.tail()
              + "\nNothing was changed; say by `migrations` where they are.");
    }
    return found;
  }

  private Ended run(
      Command command, List<Integer> exitCodes, String evidence, Consumer<String> lines)
      throws ActionException, IOException, InterruptedException {
    // A step asks more than once, and no file of its evidence is written over.
    String file = runs.incrementAndGet() + "-" + evidence;
    return ProgramRun.succeed(command, place, exitCodes, file, lines, context);
  }
}
