package dev.backout.plan;

import dev.backout.runbook.Step;
import dev.backout.runbook.Work;
import dev.backout.runbook.expression.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why steps of a runbook can't be spoken of at some place, and in which words that is said. */
enum StepVisibility {
  LATER("later-step", "Step `%s` comes later: it has given nothing yet", "Move this behind it"),
  ITSELF(
      "same-step",
      "Step `%s` is this one, or holds it: it has given nothing yet",
      "In `expect` and `undo` its result is `outputs`"),
  SIDE_BY_SIDE(
      "parallel-step",
      "Step `%s` runs side by side with this one: nobody knows which is first",
      "Move this behind the `parallel`, or into the same branch"),
  INSIDE_EACH(
      "step-inside-each",
      "Step `%s` runs once for each element: from outside nobody knows which is meant",
      "Move this into the `each`");

  private final String code;
  private final String message;
  private final @Nullable String hint;

  StepVisibility(String code, String message, String hint) {
    this.code = code;
    this.message = message;
    this.hint = hint;
  }

  Names.Hidden of(String id) {
    return new Names.Hidden(code, String.format(message, id), hint);
  }

  /** Hides these steps and all within them. */
  Names hide(List<Step> steps, Names names) {
    Names hidden = names;
    for (Step step : steps) {
      if (step.idGiven()) {
        hidden = hidden.withHidden(step.id().value(), of(step.id().value()));
      }
      if (step.work() instanceof Work.Parallel parallel) {
        for (Work.Branch branch : parallel.branches().values()) {
          hidden = hide(branch.steps(), hidden);
        }
      } else if (step.work() instanceof Work.Each each) {
        hidden = hide(each.steps(), hidden);
      }
    }
    return hidden;
  }
}
