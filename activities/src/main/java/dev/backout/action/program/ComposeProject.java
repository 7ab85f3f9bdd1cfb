package dev.backout.action.program;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.DotenvFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Compose project on the worker, and how it is spoken to. The variables of its files come from
 * its env file alone, whatever the worker's own environment says.
 *
 * @param directory real, and allowed
 * @param files its Compose files; empty for those that Compose finds by itself
 * @param envFile its variables; `.env` in the directory unless another is named, and it may be
 *     missing
 */
public record ComposeProject(Path directory, List<Path> files, Path envFile) {
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "(?i)cannot connect to the docker daemon|error during connect|failed to connect to the docker"
              + "|permission denied while trying to connect");

  private static final Pattern NO_COMPOSE =
      Pattern.compile("'compose' is not a docker command|unknown (shorthand flag|flag|command)");

  public ComposeProject {
    files = List.copyOf(files);
  }

  /**
   * @param envFile relative to the directory unless absolute
   * @throws ActionException if the worker may not touch one of these, or one is missing
   */
  public static ComposeProject at(
      Path directory, List<Path> files, @Nullable Path envFile, ActionContext context)
      throws ActionException {
    Path home = context.allowed(directory);
    if (!Files.isDirectory(home)) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no directory "
              + home
              + " with a Compose project. Nothing was changed; correct `project`.");
    }
    List<Path> allowed = new ArrayList<>();
    for (Path file : files) {
      allowed.add(existing(context.allowed(home.resolve(file))));
    }
    Path variables = context.allowed(home.resolve(envFile == null ? Path.of(".env") : envFile));
    conceal(variables, context);
    return new ComposeProject(home, allowed, envFile == null ? variables : existing(variables));
  }

  /** What looks confidential in it may come back in what Compose and the containers say. */
  private static void conceal(Path variables, ActionContext context) {
    try {
      var unused = DotenvFile.read(variables, context);
    } catch (ActionException e) {
      // Compose says itself what is wrong with its file, or needs none.
    }
  }

  private static Path existing(Path file) throws ActionException {
    if (!Files.isRegularFile(file)) {
      throw new ActionException(
          Kind.PERMANENT, "There is no file " + file + ". Nothing was changed; correct the path.");
    }
    return file;
  }

  /** The words of a Compose command on this project. */
  public List<String> words(List<String> subcommand) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "docker",
                "compose",
                "--ansi",
                "never",
                "--progress",
                "plain",
                "--project-directory",
                directory.toString()));
    if (Files.exists(envFile)) {
      words.addAll(List.of("--env-file", envFile.toString()));
    }
    files.forEach(file -> words.addAll(List.of("--file", file.toString())));
    words.addAll(subcommand);
    return List.copyOf(words);
  }

  /** The whole environment of such a command. */
  public Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(DockerEnvironment.of(System.getenv()));
    environment.putAll(more);
    return environment;
  }

  /**
   * Asks Compose something, and changes nothing.
   *
   * @return its output, unmasked: it may hold secrets
   * @throws ActionException TRANSIENT if the daemon can't be reached; PERMANENT with Compose's own
   *     words if it refuses
   */
  public String ask(List<String> subcommand, ActionContext context)
      throws ActionException, InterruptedException {
    return ask(subcommand, Map.of(), context);
  }

  /**
   * The same, as if the env file said otherwise.
   *
   * @param overrides variables that go before the file's
   */
  public String ask(List<String> subcommand, Map<String, String> overrides, ActionContext context)
      throws ActionException, InterruptedException {
    return answer(words(subcommand), overrides, context);
  }

  /** The same of Docker itself. */
  public String askDocker(List<String> subcommand, ActionContext context)
      throws ActionException, InterruptedException {
    return answer(docker(subcommand), Map.of(), context);
  }

  /** Has Docker do something that is done at once, also when the step has been cancelled. */
  String insist(List<String> words, ActionContext context)
      throws ActionException, InterruptedException {
    Answer answer = Question.ask(words, directory, environment(Map.of()), ANSWER, () -> {});
    if (answer.exitCode() != 0) {
      throw refused(answer.err(), context);
    }
    return answer.out();
  }

  static List<String> docker(List<String> subcommand) {
    List<String> words = new ArrayList<>(List.of("docker"));
    words.addAll(subcommand);
    return words;
  }

  private String answer(List<String> words, Map<String, String> overrides, ActionContext context)
      throws ActionException, InterruptedException {
    Answer answer =
        Question.ask(
            words,
            directory,
            environment(overrides),
            ANSWER,
            () -> context.heartbeat("asking docker"));
    if (answer.exitCode() != 0) {
      throw refused(answer.err(), context);
    }
    return answer.out();
  }

  /**
   * Has Compose do something that takes its time.
   *
   * @param evidence the name of the file for what it says
   * @return what it said
   * @throws ActionException with Compose's own words if it could not; UNKNOWN_OUTCOME if it did not
   *     end in time
   */
  public Ended act(
      List<String> subcommand, Duration timeout, String evidence, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return act(subcommand, timeout, evidence, line -> {}, context);
  }

  /**
   * The same.
   *
   * @param lines hears each line that it says, masked
   */
  public Ended act(
      List<String> subcommand,
      Duration timeout,
      String evidence,
      Consumer<String> lines,
      ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return act(words(subcommand), timeout, lines, evidence, context);
  }

  /** The same of Docker itself. */
  public Ended actDocker(
      List<String> subcommand, Duration timeout, String evidence, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return act(docker(subcommand), timeout, line -> {}, evidence, context);
  }

  private Ended act(
      List<String> words,
      Duration timeout,
      Consumer<String> lines,
      String evidence,
      ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return ProgramRun.succeed(
        new Command(words, directory, Map.of(), timeout),
        new ToolOfProject(this),
        List.of(0),
        evidence,
        lines,
        context);
  }

  /** The same project with another file of variables. */
  public ComposeProject with(Path variables) {
    return new ComposeProject(directory, files, variables);
  }

  /** Why Docker did not do what it was asked to, in its own words. */
  public ActionException refused(String said, ActionContext context) {
    String words = context.mask(said.strip());
    if (isUnreachable(said)) {
      return new ActionException(
          Kind.TRANSIENT,
          "The Docker daemon can't be reached: "
              + words
              + " See that it runs and that the worker's user may use it (`docker info`), then retry.");
    }
    if (NO_COMPOSE.matcher(said).find()) {
      return new ActionException(
          Kind.PERMANENT,
          "`docker compose` is not there on this worker. Install Docker Compose 2 as a plugin of docker's, then retry. docker says: "
              + words);
    }
    return new ActionException(Kind.PERMANENT, "Docker refuses, in " + directory + ": " + words);
  }

  /** Whether these are the words for a daemon that doesn't answer. */
  public static boolean isUnreachable(String said) {
    // A daemon that tells of its own troubles in reaching something has been reached.
    return !said.contains("Error response from daemon") && UNREACHABLE.matcher(said).find();
  }
}
