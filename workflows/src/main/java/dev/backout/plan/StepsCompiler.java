package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.catalog.ValueType;
import dev.backout.plan.PlannedStep.OnFailure;
import dev.backout.plan.PlannedStep.PlannedProbe;
import dev.backout.runbook.ActionCall;
import dev.backout.runbook.Approver;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Located;
import dev.backout.runbook.SourceRange;
import dev.backout.runbook.Step;
import dev.backout.runbook.Template;
import dev.backout.runbook.Value;
import dev.backout.runbook.Work;
import dev.backout.runbook.expression.Assignment;
import dev.backout.runbook.expression.Checked;
import dev.backout.runbook.expression.Facts;
import dev.backout.runbook.expression.Names;
import dev.backout.runbook.expression.TypeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Steps of one file, checked and filled in, in the order in which they see each other. */
final class StepsCompiler {
  private static final ValueType.Struct NOTHING = new ValueType.Struct(Map.of());

  private final Diagnostics diagnostics;
  private final Expressions expressions;
  private final ValueCompiler values;
  private final CallCompiler calls;
  private final ChildRunbooks children;

  StepsCompiler(Diagnostics diagnostics, CallCompiler calls, ChildRunbooks children) {
    this.diagnostics = diagnostics;
    this.expressions = new Expressions(diagnostics);
    this.values = ValueCompiler.ofTemplates(diagnostics);
    this.calls = calls;
    this.children = children;
  }

  /**
   * @param after what an expression behind these steps may speak of
   */
  record Steps(List<PlannedStep> steps, Names after) {}

  /**
   * What a step does.
   *
   * @param outputs what the step gives to those behind it
   * @param action the action that decides about repeating; null if there is none
   * @param after the names behind the step, with those that came to light within it
   */
  private record Done(
      PlannedStep.Work work,
      ValueType outputs,
      CallCompiler.@Nullable Call action,
      Duration timeout,
      Names after) {}

  Steps compile(List<Step> steps, Names before, boolean readOnly) {
    List<PlannedStep> planned = new ArrayList<>();
    Names names = before;
    for (Step step : steps) {
      names = compile(step, names, readOnly, planned);
    }
    return new Steps(List.copyOf(planned), names);
  }

  /** What runs whatever has happened, when nothing is taken back any more. */
  Steps compileLastly(List<Step> steps, Names before) {
    steps.forEach(this::refuseUndo);
    return compile(steps, before, false);
  }

  private void refuseUndo(Step step) {
    ActionCall undo = step.undo();
    if (undo != null) {
      diagnostics.error(
          undo.action().range(),
          "undo-in-finally",
          "Nothing in `finally` is ever taken back",
          "Leave `undo` out, or move the step into `steps`");
    }
    Located<Step.OnFailure> onFailure = step.onFailure();
    if (onFailure != null && onFailure.value() == Step.OnFailure.UNDO) {
      undoesNothing(onFailure.range(), "`ask`, `stop` or `continue`");
    }
    if (step.work() instanceof Work.Checkpoint gate) {
      refuseUndo(gate.onReject());
      refuseUndo(gate.then());
    } else if (step.work() instanceof Work.Parallel parallel) {
      parallel.branches().values().forEach(branch -> branch.steps().forEach(this::refuseUndo));
    } else if (step.work() instanceof Work.Each each) {
      each.steps().forEach(this::refuseUndo);
    }
  }

  private void refuseUndo(@Nullable Located<Work.Closed> closed) {
    if (closed != null && closed.value() == Work.Closed.UNDO) {
      undoesNothing(closed.range(), "`stop`");
    }
  }

  private void undoesNothing(SourceRange range, String hint) {
    diagnostics.error(
        range,
        "undo-in-finally",
        "`finally` runs when the run has ended: nothing is taken back from here",
        hint);
  }

  private Names compile(Step step, Names before, boolean readOnly, List<PlannedStep> planned) {
    String id = step.id().value();
    Names here = before.withHidden(id, StepVisibility.ITSELF.of(id));
    if (step.when() != null) {
      Checked when = expressions.condition(step.when(), here);
      here = here.knowing(when.whenTrue());
    }
    Done done = work(step, here, readOnly);
    Names after = done.after().knowingOnly(before.facts());
    if (step.idGiven()) {
      after = after.withStep(id, done.outputs(), needs(step, here));
    }
    planned.add(planned(step, done, here));
    return after;
  }

  /** What has to hold for the step to be done for sure. */
  private static Facts needs(Step step, Names here) {
    return mayGoOnFailed(step)
        ? here.facts().and(Facts.succeeded(step.id().value()))
        : here.facts();
  }

  private static boolean mayGoOnFailed(Step step) {
    return step.onFailure() != null && step.onFailure().value() == Step.OnFailure.CONTINUE;
  }

  private PlannedStep planned(Step step, Done done, Names here) {
    Repeating repeating = Repeating.of(step, done.action(), diagnostics);
    PlannedStep.Work work =
        done.work() instanceof PlannedStep.Uses uses
            ? new PlannedStep.Uses(repeating.on(uses.use()))
            : done.work();
    Names withOutputs = here.withOutputs(done.outputs());
    return new PlannedStep(
        step.id().value(),
        step.name() == null ? step.id().value() : expressions.text(step.name(), here),
        work,
        step.when() == null ? null : step.when().cel().strip(),
        step.timeout() == null ? done.timeout() : step.timeout().value(),
        step.budget() == null ? null : step.budget().value(),
        repeating.retry(),
        expressions.conditions(step.expect(), withOutputs),
        step.onFailure() == null
            ? OnFailure.ASK
            : OnFailure.valueOf(step.onFailure().value().name()),
        undo(step, done, withOutputs),
        probe(step, here),
        step.runsOn() == null ? null : expressions.text(step.runsOn(), here));
  }

  private @Nullable ActionUse undo(Step step, Done done, Names withOutputs) {
    if (step.undo() == null) {
      return null;
    }
    String id = step.id().value();
    Names names = withOutputs;
    if (step.idGiven()) {
      names = names.withStep(id, done.outputs(), names.facts()).knowingDone(id);
    }
    return calls.compile(step.undo(), names).use();
  }

  private @Nullable PlannedProbe probe(Step step, Names here) {
    Step.Probe probe = step.probe();
    if (probe == null) {
      return null;
    }
    CallCompiler.Call call = calls.compileReadOnly(probe.call(), here, "A probe");
    return new PlannedProbe(
        call.use(), expressions.conditions(probe.expect(), here.withOutputs(call.outputs())));
  }

  private Done work(Step step, Names here, boolean readOnly) {
    Work work = step.work();
    if (work instanceof Work.Uses uses) {
      return uses(uses.call(), here, readOnly);
    } else if (work instanceof Work.Checkpoint checkpoint) {
      return checkpoint(step, checkpoint, here);
    } else if (work instanceof Work.Manual manual) {
      List<String> items =
          manual.items().stream().map(item -> expressions.text(item, here)).toList();
      return done(new PlannedStep.Manual(items), Defaults.MANUAL_TIMEOUT, here);
    } else if (work instanceof Work.Parallel parallel) {
      return parallel(step, parallel, here, readOnly);
    } else if (work instanceof Work.Each each) {
      return each(each, here, readOnly);
    } else if (work instanceof Work.CallRunbook call) {
      return runbook(call, here);
    } else if (work instanceof Work.Wait wait) {
      return waiting(wait, here);
    }
    return new Done(
        new PlannedStep.Manual(List.of()),
        new ValueType.Any(),
        null,
        Defaults.MANUAL_TIMEOUT,
        here);
  }

  private static Done done(PlannedStep.Work work, Duration timeout, Names after) {
    return new Done(work, NOTHING, null, timeout, after);
  }

  private Done uses(ActionCall call, Names here, boolean readOnly) {
    CallCompiler.Call compiled =
        readOnly ? calls.compileReadOnly(call, here, "The preflight") : calls.compile(call, here);
    return new Done(
        new PlannedStep.Uses(compiled.use()),
        compiled.outputs(),
        compiled,
        Defaults.ACTION_TIMEOUT,
        here);
  }

  private Done checkpoint(Step step, Work.Checkpoint checkpoint, Names here) {
    Duration each =
        checkpoint.timeout() != null
            ? checkpoint.timeout().value()
            : step.timeout() != null ? step.timeout().value() : Defaults.CHECKPOINT_TIMEOUT;
    return done(
        new PlannedStep.Checkpoint(
            question(step, checkpoint, here),
            checkpoint.approvers().stream().map(a -> a.value().toString()).toList(),
            checkpoint.quorum().value(),
            each,
            checkpoint.escalateTo().stream().map(a -> a.value().toString()).toList(),
            closed(checkpoint.onReject()),
            closed(checkpoint.then()),
            quorums(checkpoint),
            checkpoint.selfApproval() ? true : null,
            checkpoint.remind() == null ? null : checkpoint.remind().value()),
        each.multipliedBy(1L + checkpoint.escalateTo().size()),
        here);
  }

  private static PlannedStep.@Nullable Closed closed(@Nullable Located<Work.Closed> said) {
    return said != null && said.value() == Work.Closed.UNDO ? PlannedStep.Closed.UNDO : null;
  }

  private static Map<String, Integer> quorums(Work.Checkpoint checkpoint) {
    Map<String, Integer> quorums = new LinkedHashMap<>();
    for (Located<Approver> approver : checkpoint.approvers()) {
      Integer quorum = approver.value().quorum();
      if (quorum != null) {
        quorums.put(approver.value().toString(), quorum);
      }
    }
    return quorums;
  }

  private String question(Step step, Work.Checkpoint checkpoint, Names here) {
    if (checkpoint.question() != null) {
      return expressions.text(checkpoint.question(), here);
    }
    Template name = step.name();
    return name == null ? step.id().value() : Expressions.written(name);
  }

  private Done parallel(Step step, Work.Parallel parallel, Names here, boolean readOnly) {
    Map<String, List<PlannedStep>> branches = new LinkedHashMap<>();
    Names after = here;
    Facts failed = mayGoOnFailed(step) ? Facts.succeeded(step.id().value()) : Facts.NONE;
    for (Map.Entry<String, Work.Branch> entry : parallel.branches().entrySet()) {
      Names inside = hideSiblings(parallel, entry.getKey(), here);
      Steps steps = compile(entry.getValue().steps(), inside, readOnly);
      branches.put(entry.getKey(), steps.steps());
      after = after.withStepsOf(steps.after(), failed);
    }
    return done(new PlannedStep.Parallel(branches), Defaults.GROUP_TIMEOUT, after);
  }

  private static Names hideSiblings(Work.Parallel parallel, String branch, Names here) {
    Names names = here;
    for (Map.Entry<String, Work.Branch> other : parallel.branches().entrySet()) {
      if (!other.getKey().equals(branch)) {
        names = StepVisibility.SIDE_BY_SIDE.hide(other.getValue().steps(), names);
      }
    }
    return names;
  }

  private Done each(Work.Each each, Names here, boolean readOnly) {
    Elements elements = elements(each.in(), here);
    String as = each.as().value();
    if (here.hasVariable(as) || as.equals("outputs")) {
      diagnostics.error(
          each.as().range(),
          "shadowed-name",
          "`" + as + "` is the name of something else here",
          "Choose another name in `as`");
    }
    Steps steps = compile(each.steps(), here.withVariable(as, elements.type()), readOnly);
    return done(
        new PlannedStep.Each(
            elements.in(), as, elements.type(), each.concurrency().value(), steps.steps()),
        Defaults.GROUP_TIMEOUT,
        StepVisibility.INSIDE_EACH.hide(each.steps(), here));
  }

  private record Elements(JsonNode in, ValueType type) {}

  private Elements elements(Work.Elements in, Names here) {
    if (in instanceof Work.Listed listed) {
      ValueType type = new TypeInference(here).elementOf(listed.items());
      return new Elements(
          values.value(listed.items(), new ValueType.ListOf(type), false, here), type);
    }
    Work.Computed computed = (Work.Computed) in;
    Checked checked = expressions.check(computed.expression(), here);
    ValueType list = new ValueType.ListOf(new ValueType.Any());
    if (checked.optional()) {
      expressions.absent(computed.expression().range());
    } else if (!Assignment.allows(list, checked.type())) {
      diagnostics.error(
          computed.expression().range(),
          "wrong-type",
          "Expected a list, found " + TypeText.one(checked.type()),
          null);
    }
    return new Elements(
        JsonNodeFactory.instance.textNode(Expressions.written(computed.expression())),
        checked.type() instanceof ValueType.ListOf found ? found.element() : new ValueType.Any());
  }

  private Done runbook(Work.CallRunbook call, Names here) {
    Optional<ExecutionPlan> plan = children.compile(call.path());
    if (plan.isEmpty()) {
      call.with().entries().forEach(e -> values.value(e.value(), new ValueType.Any(), true, here));
      return new Done(
          new PlannedStep.Manual(List.of()),
          new ValueType.Any(),
          null,
          Defaults.GROUP_TIMEOUT,
          here);
    }
    JsonNode with = with(call, plan.get(), here);
    return new Done(
        new PlannedStep.CallRunbook(plan.get(), with),
        plan.get().outputTypes(),
        null,
        Defaults.GROUP_TIMEOUT,
        here);
  }

  /** What a child's own defaults give need not be given. */
  private JsonNode with(Work.CallRunbook call, ExecutionPlan plan, Names here) {
    Map<String, ValueType.Field> fields = new LinkedHashMap<>();
    plan.inputTypes()
        .fields()
        .forEach(
            (name, field) ->
                fields.put(
                    name,
                    new ValueType.Field(
                        field.type(),
                        "",
                        field.required() && !plan.inputs().containsKey(name),
                        null)));
    Value.Fields with = call.with();
    return values.struct(
        with,
        new ValueType.Struct(fields),
        "The runbook `" + plan.runbook() + "`",
        call.path().range(),
        here);
  }

  private Done waiting(Work.Wait wait, Names here) {
    CallCompiler.Call call = calls.compileReadOnly(wait.probe(), here, "What `wait` asks");
    expressions.condition(wait.until(), here.withOutputs(call.outputs()));
    return new Done(
        new PlannedStep.Wait(
            call.use(), wait.until().cel().strip(), value(wait.interval(), Defaults.WAIT_INTERVAL)),
        call.outputs(),
        null,
        Defaults.WAIT_TIMEOUT,
        here);
  }

  private static Duration value(@Nullable Located<Duration> given, Duration otherwise) {
    return given == null ? otherwise : given.value();
  }
}
