package dev.backout.action.alembic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from where a database is to another revision.
 *
 * @param steps in the order in which they would be done or undone
 * @param after the revisions at its end
 * @param sql what would be run; null if that can't be told beforehand
 * @param sqlProblem why it can't
 */
record Course(
    State state,
    List<Step> steps,
    List<String> after,
    @Nullable String sql,
    @Nullable String sqlProblem) {

  boolean isThere() {
    return state.revisions().equals(after);
  }

  /** How a person would name the end of it to Alembic. */
  String destination(String asked) {
    return after.isEmpty() ? "base" : after.size() == 1 ? after.get(0) : asked;
  }

  List<String> losses() {
    return steps.stream().flatMap(step -> step.losses().stream()).toList();
  }

  List<String> obstacles() {
    return steps.stream().map(Step::obstacle).filter(text -> !text.isEmpty()).toList();
  }
}
