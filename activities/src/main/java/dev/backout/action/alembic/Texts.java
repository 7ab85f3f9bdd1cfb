package dev.backout.action.alembic;

/** What the fields that all these actions have in common mean. */
final class Texts {
  static final String IN = "Where the project lives. On the worker if absent.";
  static final String DIRECTORY =
      "The project's directory, where it lives: the one with alembic.ini. The worker's own, or the container's, if absent.";
  static final String CONFIG = "Alembic's configuration, relative to that directory.";
  static final String PYTHON =
      "The Python that the project's Alembic is installed in, such as `.venv/bin/python`.";
  static final String ENVIRONMENT = "Variables for env.py, on top of those that are there.";
  static final String QUESTION = "How long the answer may take.";
  static final String CHANGE =
      "After this it is broken off, and whether it did what it should is not known.";
  static final String TO =
      "The revision to go to, as Alembic takes it: an id, the beginning of one, `base`, or so many steps.";

  private Texts() {}
}
