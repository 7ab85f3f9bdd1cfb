package dev.backout.action.alembic;

import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.util.ArrayList;
import java.util.List;

/** What lies between two revisions, for people. */
final class CourseView {
  private static final int MOST_LINES = 200;

  private CourseView() {}

  static Detail table(String title, List<Step> steps) {
    List<String> rows = new ArrayList<>(List.of(Step.HEADER));
    steps.forEach(step -> rows.add(step.row()));
    return new Detail(Preview.Kind.TABLE, title, rows);
  }

  /** Why they are not additive. */
  static List<Detail> reasons(List<Step> steps) {
    List<Detail> details = new ArrayList<>();
    for (Step step : steps) {
      if (!step.why().isEmpty()) {
        details.add(
            new Detail(
                Preview.Kind.NOTE, "Why " + step.revision() + " is " + step.change(), step.why()));
      }
    }
    return details;
  }

  /** Each block of what a change would do. */
  static List<Detail> of(Course course, boolean undone) {
    List<Detail> details = new ArrayList<>();
    if (!course.steps().isEmpty()) {
      details.add(
          table(
              undone ? "Revisions that would be undone" : "Revisions that would be run",
              course.steps()));
    }
    if (undone && !course.losses().isEmpty()) {
      details.add(new Detail(Preview.Kind.LOSS, "What that throws away", course.losses()));
    }
    if (undone && !course.obstacles().isEmpty()) {
      details.add(new Detail(Preview.Kind.PROBLEM, "Why it would be refused", course.obstacles()));
    }
    if (course.sql() != null) {
      details.add(
          new Detail(
              Preview.Kind.NOTE,
              "SQL",
              course.sql().lines().filter(line -> !line.isBlank()).limit(MOST_LINES).toList()));
    } else if (course.sqlProblem() != null) {
      details.add(
          new Detail(
              Preview.Kind.NOTE,
              "Its SQL can't be told beforehand",
              course.sqlProblem().lines().toList()));
    }
    return details;
  }
}
