package dev.backout.action.program;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import java.util.Map;
import java.util.Optional;

/** Docker on the worker, for the project's own sake: it sees none of the worker's variables. */
record ToolOfProject(ComposeProject project) implements Place {

  @Override
  public String describe() {
    return "on " + project.directory();
  }

  @Override
  public void look(ActionContext context) {
    // It says itself what is missing.
  }

  @Override
  public Local local(Command command, String mark, ActionContext context) {
    return new Local(command, project.environment(Map.of()));
  }

  @Override
  public Optional<String> end(Command command, String mark, ActionContext context) {
    return Optional.empty();
  }

  @Override
  public Optional<ActionException> failure(Command command, Ended ended, ActionContext context) {
    return Optional.of(project.refused(ended.tail(), context));
  }
}
