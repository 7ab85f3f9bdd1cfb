package dev.backout.action;

import java.io.IOException;
import java.nio.file.Path;

/** What an action may ask of the worker that runs it. */
public interface ActionContext {

  /** The step this is, for labels and journal entries. */
  StepCall call();

  /**
   * The value behind a reference: {@code secret:NAME} resolved, any other text as it is. What was
   * resolved is masked from then on in all that leaves the worker.
   *
   * @throws ActionException if there is no such secret, naming where it was looked for
   */
  String reveal(String textOrSecret) throws ActionException;

  /** Masks a value from then on that is confidential and no reference, such as one from a file. */
  void conceal(String value);

  /**
   * The text with every resolved secret, also as base64 and URL-encoded, replaced by {@code ***}.
   */
  String mask(String text);

  /**
   * Says that the action is alive, and how far it is; call it at least every few seconds in
   * anything long.
   *
   * @throws CancelledException if the run was stopped and the action should clean up and leave
   */
  void heartbeat(String progress) throws CancelledException;

  /**
   * The real path, checked against the directories that this worker may touch. Symbolic links are
   * followed first.
   *
   * @throws ActionException of kind NOT_ALLOWED if it lies outside them
   */
  Path allowed(Path path) throws ActionException;

  /**
   * @throws ActionException of kind NOT_ALLOWED if this worker may not run that program
   */
  void allowProgram(String program) throws ActionException;

  /**
   * A new file for what is too big for a result or should be kept: its name begins with the step's.
   */
  Path evidence(String name) throws IOException;

  /** The action was cancelled while it ran. */
  final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CancelledException(String message) {
      super(message);
    }
  }
}
