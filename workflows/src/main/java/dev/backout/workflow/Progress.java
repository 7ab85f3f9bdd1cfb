package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ValueType;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.Work;
import dev.backout.plan.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a list of steps has come.
 *
 * @param scope what the next step can see
 * @param gained what these steps have added to it
 * @param complete false if the run is to end before the last of them
 */
record Progress(Scope scope, List<Gain> gained, boolean complete) {
  /** What a step has left behind. */
  record Gain(String id, boolean done, @Nullable JsonNode outputs, ValueType.Struct types) {

    static Gain done(PlannedStep step, @Nullable JsonNode outputs) {
      return new Gain(step.id(), true, outputs, outputTypes(step.work()));
    }

    static Gain notDone(PlannedStep step) {
      return new Gain(step.id(), false, null, outputTypes(step.work()));
    }
  }

  static Progress from(Scope scope) {
    return new Progress(scope, List.of(), true);
  }

  Progress with(Gain gain) {
    List<Gain> more = new ArrayList<>(gained);
    more.add(gain);
    return new Progress(
        scope.withStep(gain.id(), gain.done(), gain.outputs(), gain.types()), more, complete);
  }

  Progress with(List<Gain> gains) {
    Progress progress = this;
    for (Gain gain : gains) {
      progress = progress.with(gain);
    }
    return progress;
  }

  Progress broken() {
    return new Progress(scope, gained, false);
  }

  static ValueType.Struct outputTypes(Work work) {
    return PlannedStep.outputTypes(work);
  }
}
