package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ActionCatalog;
import dev.backout.catalog.ValueType;
import dev.backout.plan.ExecutionPlan.PlannedFollowUp;
import dev.backout.plan.ExecutionPlan.PlannedTrigger;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Located;
import dev.backout.runbook.Output;
import dev.backout.runbook.Runbook;
import dev.backout.runbook.Step;
import dev.backout.runbook.Trigger;
import dev.backout.runbook.expression.Checked;
import dev.backout.runbook.expression.EvaluationException;
import dev.backout.runbook.expression.Names;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One runbook to its plan; what is wrong with it goes to the diagnostics of its file. */
final class FileCompiler {
  private static final int VERSION = 1;

  private final Runbook runbook;
  private final Diagnostics diagnostics;
  private final Expressions expressions;
  private final CallCompiler calls;
  private final StepsCompiler steps;

  FileCompiler(
      Runbook runbook, ActionCatalog catalog, Diagnostics diagnostics, ChildRunbooks children) {
    this.runbook = runbook;
    this.diagnostics = diagnostics;
    this.expressions = new Expressions(diagnostics);
    this.calls = new CallCompiler(catalog, diagnostics);
    this.steps = new StepsCompiler(diagnostics, calls, children);
  }

  /**
   * @param inputs their values, defaults included
   * @param source its text, as it is kept in the plan
   */
  ExecutionPlan compile(Map<String, JsonNode> inputs, ExecutionPlan.SourceText source) {
    ValueType.Struct inputTypes = InputBinder.types(runbook);
    Names start = hideSteps(Names.of(inputTypes));
    String target = expressions.text(runbook.target(), start);
    List<PlannedTrigger> triggers =
        runbook.triggers().stream().map(trigger -> trigger(trigger, start)).toList();
    StepsCompiler.Steps preflight = steps.compile(runbook.preflight(), start, true);
    StepsCompiler.Steps main = steps.compile(runbook.steps(), preflight.after(), false);
    StepsCompiler.Steps lastly =
        steps.compileLastly(runbook.lastly(), main.after().whateverHappened());
    Map<String, String> outputs = new LinkedHashMap<>();
    ValueType.Struct outputTypes = outputs(main.after(), outputs);
    return new ExecutionPlan(
        VERSION,
        runbook.name().value(),
        runbook.kind().value().word(),
        runbook.summary().value(),
        target,
        duration(runbook.objectives().rto()),
        duration(runbook.objectives().rpo()),
        inputs,
        inputTypes,
        triggers,
        preflight.steps(),
        main.steps(),
        lastly.steps(),
        followUps(main.after()),
        new NotificationCompiler(calls).compile(runbook.notifications(), start),
        outputs,
        outputTypes,
        List.of(source),
        "");
  }

  /** Who is rolled back, and who is told, once it is known that there is no error. */
  ExecutionPlan withTarget(ExecutionPlan plan) {
    try {
      String target = Scope.of(plan).renderText(plan.target());
      if (!target.isBlank()) {
        return telling(plan.withTarget(target));
      }
      diagnostics.error(
          runbook.target().range(), "no-target", "The target is empty with these inputs", null);
    } catch (EvaluationException e) {
      diagnostics.error(
          runbook.target().range(), "no-target", String.valueOf(e.getMessage()), null);
    }
    return plan;
  }

  private ExecutionPlan telling(ExecutionPlan plan) {
    try {
      return plan.withNotifications(NotificationCompiler.rendered(plan));
    } catch (EvaluationException e) {
      runbook.notifications().values().stream()
          .findFirst()
          .ifPresent(
              first ->
                  diagnostics.error(
                      first.range(),
                      "no-notification",
                      "With these inputs it can't be told how to notify: " + e.getMessage(),
                      null));
      return plan;
    }
  }

  private Names hideSteps(Names names) {
    Names hidden = names;
    for (List<Step> steps : List.of(runbook.preflight(), runbook.steps(), runbook.lastly())) {
      hidden = StepVisibility.LATER.hide(steps, hidden);
    }
    return hidden;
  }

  private PlannedTrigger trigger(Trigger trigger, Names start) {
    CallCompiler.Call call = calls.compileReadOnly(trigger.probe(), start, "A trigger");
    return new PlannedTrigger(
        expressions.text(trigger.name(), start),
        call.use(),
        expressions.conditions(trigger.expect(), start.withOutputs(call.outputs())),
        duration(trigger.holdsFor()));
  }

  private List<PlannedFollowUp> followUps(Names after) {
    return runbook.followUps().stream()
        .map(
            followUp ->
                new PlannedFollowUp(
                    expressions.text(followUp.name(), after), followUp.within().value()))
        .toList();
  }

  private ValueType.Struct outputs(Names after, Map<String, String> cel) {
    Map<String, ValueType.Field> types = new LinkedHashMap<>();
    for (Map.Entry<String, Output> entry : runbook.outputs().entrySet()) {
      Checked checked = expressions.check(entry.getValue().value(), after);
      cel.put(entry.getKey(), entry.getValue().value().cel().strip());
      types.put(entry.getKey(), new ValueType.Field(checked.type(), "", !checked.optional(), null));
    }
    return new ValueType.Struct(types);
  }

  private static @Nullable Duration duration(@Nullable Located<Duration> located) {
    return located == null ? null : located.value();
  }
}
