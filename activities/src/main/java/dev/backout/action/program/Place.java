package dev.backout.action.program;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import java.util.Map;
import java.util.Optional;

/**
 * Where a program is run. Whatever it is, something is run on the worker that reaches there: the
 * program itself, or a tool that has it run.
 */
public sealed interface Place permits OnWorker, InService, ToolOfProject {

  /** For people, after "would run … ". */
  String describe();

  /**
   * Looks whether a program can be run there, and changes nothing.
   *
   * @throws ActionException if there is no such place, or it can't be reached; nothing was run
   */
  void look(ActionContext context) throws ActionException, InterruptedException;

  /**
   * What is run on the worker to have the command run there.
   *
   * @param mark of this one execution, unlike any other
   * @throws ActionException if it may not be run so; nothing was run
   */
  Local local(Command command, String mark, ActionContext context)
      throws ActionException, InterruptedException;

  /**
   * Ends what may go on there after the worker's part of it was ended.
   *
   * @return what still goes on and how to end it, for people; empty if nothing does
   */
  Optional<String> end(Command command, String mark, ActionContext context)
      throws InterruptedException;

  /**
   * What it means that the worker's part ended with an exit code that is no success.
   *
   * @return the failure, where it is another than the program's own: it isn't there, it was not
   *     reached, or nobody knows whether it ran
   */
  Optional<ActionException> failure(Command command, Ended ended, ActionContext context)
      throws InterruptedException;

  /**
   * What is run on the worker.
   *
   * @param environment the whole of it
   */
  record Local(Command command, Map<String, String> environment) {}
}
