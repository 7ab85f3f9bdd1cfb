package dev.backout.action.planted.first;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.Preview;
import dev.backout.workflow.planted.PlantedWorkflow;
import java.util.List;

/**
 * Breaks the rules for actions: knows a workflow, makes a cycle, is neither final nor described.
 */
public class PlantedAction implements Action<PlantedAction.Input, PlantedAction.Input> {
  public PlantedWorkflow knowsAWorkflow;

  /** Nothing. */
  public record Input() {}

  @Override
  public Input run(Input input, ActionContext context) {
    return input;
  }

  @Override
  public Preview preview(Input input, ActionContext context) {
    return new Preview("", false, List.of(), null);
  }
}
