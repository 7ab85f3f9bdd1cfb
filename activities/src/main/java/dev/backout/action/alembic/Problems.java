package dev.backout.action.alembic;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.nio.file.Path;

/**
 * What the project could not do, and what to do about it. Nothing was changed but where it says.
 */
final class Problems {
  private Problems() {}

  static ActionException of(String kind, String text, String where, Path log) {
    return switch (kind) {
      case "alembic" ->
          permanent(
              "There is no Alembic " + where + ": " + text,
              "name the Python that the project's Alembic is installed in by `python`");
      case "config" -> permanent(text + ", " + where, "correct `directory` or `config`");
      case "revision" ->
          permanent(
              "Alembic can't find its way " + where + ": " + text,
              "`alembic.history` shows which revisions there are; correct the files or `to`");
      case "unknown" ->
          permanent(
              text,
              "run it from the release that brought that revision, before its image is taken away");
      case "login" ->
          permanent(
              "The database does not let the project in: " + text,
              "correct the login where env.py takes it from");
      case "database" ->
          new ActionException(
              Kind.TRANSIENT,
              "The database can't be reached "
                  + where
                  + ": "
                  + text
                  + "\nNothing was changed; see that it runs and can be reached from there, then retry.");
      case "busy" ->
          new ActionException(
              Kind.TRANSIENT,
              text + ".\nNothing was changed; wait until it has ended, then retry.");
      case "moved" ->
          permanent(
              text + ", which is not where it was a moment ago", "find out who else changes it");
      case "nothing", "space" -> permanent(text, "mend that, then retry");
      case "left" ->
          new ActionException(
              Kind.UNKNOWN_OUTCOME,
              text
                  + ". Stop what holds the database, put it back by hand, then decide. See "
                  + log);
      default ->
          permanent(
              "The project's env.py fails " + where + ": " + text,
              "see " + log + " for where, and mend that");
    };
  }

  private static ActionException permanent(String what, String toDo) {
    return new ActionException(Kind.PERMANENT, what + ".\nNothing was changed; " + toDo + ".");
  }
}
