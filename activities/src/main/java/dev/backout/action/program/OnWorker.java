package dev.backout.action.program;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The worker's own machine. */
public record OnWorker() implements Place {

  @Override
  public String describe() {
    return "on the worker";
  }

  @Override
  public void look(ActionContext context) {
    // It is here.
  }

  @Override
  public Local local(Command command, String mark, ActionContext context) throws ActionException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(command.environment());
    if (command.directory() == null) {
      return new Local(command, environment);
    }
    Path directory = context.allowed(command.directory());
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no directory "
              + directory
              + " to run "
              + command.program()
              + " in. It was not run.");
    }
    return new Local(
        new Command(command.words(), directory, command.environment(), command.timeout()),
        environment);
  }

  @Override
  public Optional<String> end(Command command, String mark, ActionContext context) {
    return Optional.empty();
  }

  @Override
  public Optional<ActionException> failure(Command command, Ended ended, ActionContext context) {
    return Optional.empty();
  }
}
