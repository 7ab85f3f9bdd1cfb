package dev.backout.action.program;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ProcessTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A service of a Compose project: in a container of its own, or in the one that runs. */
public record InService(ComposeProject project, String service, In.How how) implements Place {
  private static final String CONTAINER = "backout-";
  private static final String GRACE_SECONDS = "5";
  private static final int REMOVALS = 20;
  private static final long REMOVAL_MILLIS = 250;

  /** What runc, and the init that Docker puts before a program, say of one that isn't there. */
  private static final Pattern NO_PROGRAM =
      Pattern.compile(
          "executable file not found|\\[FATAL tini \\(\\d+\\)\\] exec .* failed: (No such file|Permission denied)"
              + "|unable to start container process: exec: .*(no such file or directory|permission denied)");

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int DOCKER_FAILED = 125;

  @Override
  public String describe() {
    return how == In.How.RUN
        ? "in a container of its own for the service " + service + " of " + project.directory()
        : "in the running container of the service " + service + " of " + project.directory();
  }

  @Override
  public void look(ActionContext context) throws ActionException, InterruptedException {
    // Also those of a profile, as what is only for migrations often is.
    List<String> services =
        project
            .ask(List.of("--profile", "*", "config", "--services"), context)
            .lines()
            .sorted()
            .toList();
    if (!services.contains(service)) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no service '"
              + service
              + "' in "
              + project.directory()
              + "; there are "
              + String.join(", ", services)
              + ". Nothing was run; correct `service`.");
    }
    if (how == In.How.EXEC && running(context).isEmpty()) {
      throw new ActionException(
          Kind.TRANSIENT,
          "The service "
              + service
              + " of "
              + project.directory()
              + " could not be reached: no container of it is running. Nothing was run; start it, or say `how: run`.");
    }
    if (how == In.How.RUN) {
      project.askDocker(List.of("version", "--format", "{{.Server.Version}}"), context);
    }
  }

  private String running(ActionContext context) throws ActionException, InterruptedException {
    return project.ask(List.of("ps", "--status", "running", "--quiet", service), context).strip();
  }

  @Override
  public Local local(Command command, String mark, ActionContext context)
      throws ActionException, InterruptedException {
    requireHarmless(command, context);
    List<String> words =
        new ArrayList<>(
            how == In.How.RUN
                ? List.of("run", "--rm", "--no-deps", "-T", "--name", CONTAINER + mark)
                : List.of("exec", "-T"));
    // Only the names: what stands in the words of a command can be read by every user of the
    // machine.
    Stream.concat(command.environment().keySet().stream(), Stream.of(ProcessTree.MARK))
        .sorted()
        .forEach(name -> words.addAll(List.of("--env", name)));
    Path directory = command.directory();
    if (directory != null) {
      words.addAll(List.of("--workdir", directory.toString()));
    }
    words.add(service);
    words.addAll(command.words());
    return new Local(
        new Command(project.words(words), project.directory(), Map.of(), command.timeout()),
        project.environment(command.environment()));
  }

  /**
   * The variables reach the container through docker's own environment, where some would have it
   * speak to another daemon, and some would have Compose run another image.
   */
  private void requireHarmless(Command command, ActionContext context)
      throws ActionException, InterruptedException {
    if (command.environment().isEmpty()) {
      return;
    }
    Set<String> own =
        project
            .ask(List.of("config", "--variables"), context)
            .lines()
            .map(line -> line.split(" ", 2)[0])
            .collect(Collectors.toSet());
    List<String> refused =
        command.environment().keySet().stream()
            .filter(name -> DockerEnvironment.isDockers(name) || own.contains(name))
            .sorted()
            .toList();
    if (!refused.isEmpty()) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          "The environment of "
              + command.program()
              + " "
              + describe()
              + " may not be given "
              + String.join(", ", refused)
              + ": docker or the Compose file reads it, and would run something else. Nothing was run; take it out of the step, or set it in the project's env file.");
    }
  }

  /**
   * Ending what speaks to the daemon ends nothing in a container. One of its own is removed. In one
   * that is shared, what runs on this machine was ended by its mark, and what is left is looked
   * for.
   */
  @Override
  public Optional<String> end(Command command, String mark, ActionContext context)
      throws InterruptedException {
    return how == In.How.RUN ? remove(CONTAINER + mark, context) : rest(command, context);
  }

  private Optional<String> remove(String name, ActionContext context) throws InterruptedException {
    String problem = insist(List.of("stop", "-t", GRACE_SECONDS, name), context);
    for (int turn = 0; turn < REMOVALS; turn++) {
      problem = insist(List.of("rm", "--force", "--volumes", name), context);
      if (problem.isEmpty() || problem.contains("No such container")) {
        return Optional.empty();
      }
      // Docker is at it already, as the container's own end has it removed.
      Thread.sleep(REMOVAL_MILLIS);
    }
    return Optional.of(
        "its container may go on: `docker rm --force "
            + name
            + "` ends it, which failed here: "
            + problem);
  }

  /** Empty if it was done. */
  private String insist(List<String> words, ActionContext context) throws InterruptedException {
    try {
      var unused = project.insist(ComposeProject.docker(words), context);
      return "";
    } catch (ActionException e) {
      return e.getMessage();
    }
  }

  private Optional<String> rest(Command command, ActionContext context)
      throws InterruptedException {
    String hint = "`docker compose top " + service + "` shows it, a restart of the service ends it";
    try {
      boolean there =
          project
              .insist(project.words(List.of("top", service)), context)
              .lines()
              .anyMatch(line -> line.contains(command.toString().lines().findFirst().orElse("")));
      return there
          ? Optional.of("it goes on in the container of " + service + ": " + hint)
          : Optional.empty();
    } catch (ActionException e) {
      return Optional.of(
          "whether it goes on in the container of " + service + " can't be seen: " + hint);
    }
  }

  @Override
  public Optional<ActionException> failure(Command command, Ended ended, ActionContext context)
      throws InterruptedException {
    int code = ended.exitCode();
    if ((code == NOT_EXECUTABLE || code == NOT_FOUND) && NO_PROGRAM.matcher(ended.tail()).find()) {
      return Optional.of(
          new ActionException(
              Kind.PERMANENT,
              "There is no program '"
                  + command.program()
                  + "' "
                  + describe()
                  + " that could be run. It was not run; correct the command, or see which image the service has. Docker says: "
                  + ended.tail()));
    }
    return reached(command, ended, context);
  }

  /** A daemon that is gone takes with it what would tell how far the program came. */
  private Optional<ActionException> reached(Command command, Ended ended, ActionContext context)
      throws InterruptedException {
    try {
      project.askDocker(List.of("version", "--format", "{{.Server.Version}}"), context);
    } catch (ActionException | CancelledException e) {
      return Optional.of(
          unknown(command, ended, "The Docker daemon no longer answers. " + e.getMessage()));
    }
    return ended.exitCode() == DOCKER_FAILED
        ? Optional.of(unknown(command, ended, "Docker itself failed (exit code 125)."))
        : Optional.empty();
  }

  private ActionException unknown(Command command, Ended ended, String why) {
    return new ActionException(
        Kind.UNKNOWN_OUTCOME,
        "It is not known whether "
            + command.program()
            + " ran "
            + describe()
            + ", or how far it came. "
            + why
            + " Look, then decide. What was written until then: "
            + ended.log());
  }
}
