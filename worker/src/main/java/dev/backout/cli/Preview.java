package dev.backout.cli;

import dev.backout.client.BackoutClient;
import dev.backout.plan.ExecutionPlan;
import dev.backout.workflow.PlanPreview;
import dev.backout.workflow.PreviewException;
import dev.backout.workflow.StepPreview;
import io.temporal.client.WorkflowException;
import java.util.List;

/** Asks the worker what a plan would do. */
final class Preview {
  private Preview() {}

  static PlanPreview ask(BackoutClient client, ExecutionPlan plan, BackoutCommand command) {
    boolean isShown = command.around().isErrorShown();
    if (isShown) {
      command.err().print("Asking the worker what this would do…");
      command.err().flush();
    }
    try {
      return client.starter().preview(plan);
    } catch (PreviewException e) {
      throw new CommandFailure(ExitCode.ERROR, String.valueOf(e.getMessage()));
    } catch (WorkflowException e) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "The worker could not say what the plan would do: "
              + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage())
              + ". `backout doctor` says whether a worker is there.");
    } finally {
      if (isShown) {
        command.err().print("\r\u001b[K");
        command.err().flush();
      }
    }
  }

  /** The checks of the preflight that do not hold now. */
  static List<StepPreview> failing(PlanPreview preview) {
    return preview.preflight().stream().filter(step -> step.problem() != null).toList();
  }
}
