package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.catalog.Repeatability;
import dev.backout.history.StepKind;
import dev.backout.history.StepPath;
import dev.backout.plan.ActionUse;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.Checkpoint;
import dev.backout.plan.PlannedStep.Work;
import dev.backout.plan.Scope;
import dev.backout.runbook.expression.DurationText;
import dev.backout.runbook.expression.EvaluationException;
import io.temporal.failure.ActivityFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the steps with what is known of each. What a step would give without being done
 * feeds the later ones; what isn't known is never guessed.
 */
final class PreviewWalk {
  private final PreviewCalls calls;

  PreviewWalk(PreviewCalls calls) {
    this.calls = calls;
  }

  /**
   * @param scope with the outputs of all steps that are known
   * @param gained those that these steps have added
   */
  record Walked(List<StepPreview> previews, Scope scope, List<Progress.Gain> gained) {}

  /** A step's preview, and what it gives as far as that is known. */
  private record Seen(StepPreview preview, List<Progress.Gain> gained) {
    static Seen unknown(StepPreview preview) {
      return new Seen(preview, List.of());
    }
  }

  /**
   * @param preflight whether these are checks, which are really run
   */
  Walked all(List<PlannedStep> steps, String prefix, Scope start, boolean preflight) {
    Scope scope = start;
    List<StepPreview> previews = new ArrayList<>();
    List<Progress.Gain> gained = new ArrayList<>();
    boolean changed = false;
    for (PlannedStep step : steps) {
      Seen seen = one(new StepRun(step, StepPath.of(prefix, step.id()), scope), preflight);
      previews.add(changed && asks(step) ? beforeOthers(seen.preview()) : seen.preview());
      changed |= seen.preview().changes();
      for (Progress.Gain gain : seen.gained()) {
        scope = scope.withStep(gain.id(), gain.done(), gain.outputs(), gain.types());
        gained.add(gain);
      }
    }
    return new Walked(previews, scope, gained);
  }

  private Seen one(StepRun step, boolean preflight) {
    try {
      String when = step.step.when();
      if (when != null && step.scope.conditionWaitsFor(when).isEmpty() && !step.scope.test(when)) {
        return new Seen(
            said(step, "Would be skipped: `" + when + "` does not hold."),
            List.of(Progress.Gain.notDone(step.step)));
      }
      Seen seen = dispatch(step, step.step.work(), preflight);
      // Whether it would run isn't known, so neither is what it would give.
      return when == null || step.scope.conditionWaitsFor(when).isEmpty()
          ? seen
          : Seen.unknown(onlyIf(seen.preview(), when));
    } catch (EvaluationException | PreviewException e) {
      return Seen.unknown(problem(step, "Can't be asked.", String.valueOf(e.getMessage())));
    } catch (ActivityFailure e) {
      String why = PreviewCalls.message(e);
      return Seen.unknown(
          isLaterCheck(step, preflight)
              ? said(step, asOfNow(why))
              : problem(step, "Would fail, or can't be asked.", why));
    }
  }

  private Seen dispatch(StepRun step, Work work, boolean preflight) {
    if (work instanceof PlannedStep.Uses uses) {
      return action(step, uses.use(), preflight);
    } else if (work instanceof Checkpoint gate) {
      return gate(step, gate);
    } else if (work instanceof PlannedStep.Wait wait) {
      return Seen.unknown(said(step, wait(step, wait)));
    } else if (work instanceof PlannedStep.Parallel parallel) {
      return parallel(step, parallel);
    } else if (work instanceof PlannedStep.Each each) {
      return each(step, each);
    } else if (work instanceof PlannedStep.CallRunbook call) {
      return child(step, call);
    } else if (work instanceof PlannedStep.TakeBack back) {
      return takeBack(step, back);
    } else if (work instanceof PlannedStep.Manual manual) {
      return new Seen(
          said(step, manual(step, manual)), List.of(Progress.Gain.done(step.step, null)));
    }
    throw new IllegalStateException("No preview of " + work);
  }

  private static String manual(StepRun step, PlannedStep.Manual manual) {
    return "A person does it: "
        + manual.items().stream().map(item -> known(step, item)).collect(Collectors.joining("; "))
        + ".";
  }

  private static String known(StepRun step, String item) {
    return step.scope.waitsFor(JsonNodeFactory.instance.textNode(item)).isEmpty()
        ? step.scope.renderText(item)
        : item;
  }

  private Seen action(StepRun step, ActionUse use, boolean preflight) {
    Set<String> needs = step.scope.waitsFor(use.with());
    if (!needs.isEmpty()) {
      return Seen.unknown(depends(step, needs));
    }
    JsonNode input = step.scope.render(use.with());
    PreviewCalls.Answer answer = calls.ask(use, input, step.path, step.taskQueue());
    boolean reads = use.repeatability() == Repeatability.READ_ONLY;
    JsonNode outputs = answer.outputs();
    if (outputs == null && preflight && reads) {
      outputs = calls.run(use, input, step.path, step.taskQueue());
    }
    String problem = problemOf(answer);
    if (outputs == null) {
      return Seen.unknown(answered(step, answer, null, problem, preflight));
    }
    Progress.Gain gain = Progress.Gain.done(step.step, outputs);
    // A check among the steps is asked again when those before it have run, and says so.
    if (problem == null && reads && !isLaterCheck(step, preflight)) {
      problem = unmet(step, gain);
    }
    StepPreview preview = answered(step, answer, outputs, problem, preflight);
    return isLaterCheck(step, preflight) ? Seen.unknown(preview) : new Seen(preview, List.of(gain));
  }

  private Seen takeBack(StepRun step, PlannedStep.TakeBack back) {
    ActionUse use = back.use();
    if (use == null) {
      return Seen.unknown(
          problem(step, "Can't be taken back by itself.", String.valueOf(back.problem())));
    }
    PreviewCalls.Answer answer = calls.ask(use, use.with(), step.path, step.taskQueue());
    return Seen.unknown(answered(step, answer, null, problemOf(answer), false));
  }

  private static boolean asks(PlannedStep step) {
    return step.work() instanceof PlannedStep.TakeBack back && back.use() != null;
  }

  /**
   * What stands in the way of an undo now is often what an undo before it takes away: a process
   * that has the database open is stopped first. It is said, and no reason to expect a failure.
   */
  private static StepPreview beforeOthers(StepPreview p) {
    if (p.problem() == null) {
      return p;
    }
    boolean isSaid = p.details().stream().anyMatch(each -> each.kind() == StepPreview.Kind.PROBLEM);
    return new StepPreview(
        p.path(),
        p.name(),
        p.kind(),
        p.action(),
        isSaid ? p.summary() : asOfNow(p.problem()),
        p.changes(),
        p.details().stream().map(PreviewWalk::asOfNow).toList(),
        p.outputs(),
        p.dependsOn(),
        null,
        p.children());
  }

  private static StepPreview.Detail asOfNow(StepPreview.Detail detail) {
    return detail.kind() == StepPreview.Kind.PROBLEM
        ? new StepPreview.Detail(
            StepPreview.Kind.NOTE, detail.title() + ", before the steps above", detail.lines())
        : detail;
  }

  /** What a check among the steps finds now may be otherwise when the steps before it have run. */
  private static boolean isLaterCheck(StepRun step, boolean preflight) {
    return !preflight
        && step.step.work() instanceof PlannedStep.Uses uses
        && uses.use().repeatability() == Repeatability.READ_ONLY;
  }

  private static String asOfNow(String found) {
    return "As things are now, before the other steps: " + found;
  }

  private static @Nullable String unmet(StepRun step, Progress.Gain gain) {
    Scope after = step.scope.withOutputs(gain.outputs(), gain.types());
    for (String condition : step.step.expect()) {
      if (!after.test(condition)) {
        return "`" + condition + "` does not hold.";
      }
    }
    return null;
  }

  private static @Nullable String problemOf(PreviewCalls.Answer answer) {
    return answer.details().stream()
        .filter(detail -> detail.kind() == StepPreview.Kind.PROBLEM)
        .map(detail -> String.join(" ", concat(detail.title(), detail.lines())))
        .findFirst()
        .orElse(null);
  }

  private static List<String> concat(String first, List<String> rest) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    return all;
  }

  private static Seen gate(StepRun step, Checkpoint gate) {
    List<Progress.Gain> opened = List.of(Progress.Gain.done(step.step, null));
    Set<String> needs = step.scope.waitsFor(JsonNodeFactory.instance.textNode(gate.question()));
    if (!needs.isEmpty()) {
      return new Seen(with(step, gate.question(), List.copyOf(needs), null, List.of()), opened);
    }
    return new Seen(said(step, step.scope.renderText(gate.question())), opened);
  }

  private static String wait(StepRun step, PlannedStep.Wait wait) {
    return "Would ask "
        + wait.probe().action()
        + " every "
        + DurationText.print(wait.interval())
        + " until `"
        + wait.until()
        + "` holds, for at most "
        + DurationText.print(step.step.timeout())
        + ".";
  }

  private Seen parallel(StepRun step, PlannedStep.Parallel parallel) {
    List<StepPreview> branches = new ArrayList<>();
    List<Progress.Gain> gained = new ArrayList<>();
    parallel
        .branches()
        .forEach(
            (name, steps) -> {
              String path = StepPath.branch(step.path, name);
              Walked walked = all(steps, path, step.scope, false);
              branches.add(group(path, name, "branch", walked.previews()));
              gained.addAll(walked.gained());
            });
    gained.add(Progress.Gain.done(step.step, null));
    return new Seen(
        with(step, branches.size() + " branches side by side.", List.of(), null, branches), gained);
  }

  private Seen each(StepRun step, PlannedStep.Each each) {
    Set<String> needs = step.scope.waitsFor(each.in());
    if (!needs.isEmpty()) {
      return Seen.unknown(depends(step, needs));
    }
    List<JsonNode> elements = step.scope.list(each.in());
    List<StepPreview> previews = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      String path = StepPath.element(step.path, i);
      Scope scope = step.scope.withVariable(each.as(), elements.get(i), each.elementType());
      previews.add(
          group(
              path,
              text(elements.get(i)),
              "element",
              all(each.steps(), path, scope, false).previews()));
    }
    String summary = elements.size() + " elements, " + each.concurrency() + " at a time.";
    return new Seen(
        with(step, summary, List.of(), null, previews),
        List.of(Progress.Gain.done(step.step, null)));
  }

  private Seen child(StepRun step, PlannedStep.CallRunbook call) {
    Set<String> needs = step.scope.waitsFor(call.with());
    if (!needs.isEmpty()) {
      return Seen.unknown(depends(step, needs));
    }
    ExecutionPlan plan = call.plan();
    Scope start = Scope.of(plan, step.scope.render(call.with())).withRun("", plan.target(), "");
    // A child's checks see what its parent has done by then, so they are asked like its steps.
    Walked preflight = all(plan.preflight(), step.path, start, false);
    Walked steps = all(plan.steps(), step.path, preflight.scope(), false);
    List<StepPreview> children = new ArrayList<>(preflight.previews());
    children.addAll(steps.previews());
    StepPreview preview =
        with(step, plan.runbook() + ": " + plan.summary(), List.of(), null, children);
    JsonNode outputs = outputs(plan, steps.scope());
    return outputs == null
        ? Seen.unknown(preview)
        : new Seen(preview, List.of(Progress.Gain.done(step.step, outputs)));
  }

  /** Null if one of them isn't known: a later step must not take it for absent. */
  private static @Nullable JsonNode outputs(ExecutionPlan plan, Scope end) {
    Map<String, JsonNode> outputs = new LinkedHashMap<>();
    for (Map.Entry<String, String> output : plan.outputs().entrySet()) {
      if (!end.conditionWaitsFor(output.getValue()).isEmpty()) {
        return null;
      }
      outputs.put(output.getKey(), end.value(output.getValue()));
    }
    return JsonNodeFactory.instance.objectNode().setAll(outputs);
  }

  private static StepPreview depends(StepRun step, Set<String> needs) {
    String names = "`" + String.join("`, `", needs) + "`";
    return with(
        step,
        "Depends on " + names + (needs.size() == 1 ? ", which has" : ", which have") + " not run.",
        List.copyOf(new LinkedHashSet<>(needs)),
        null,
        List.of());
  }

  private static StepPreview said(StepRun step, String summary) {
    return with(step, summary, List.of(), null, List.of());
  }

  private static StepPreview problem(StepRun step, String summary, String problem) {
    return with(step, summary, List.of(), problem, List.of());
  }

  private static StepPreview with(
      StepRun step,
      String summary,
      List<String> dependsOn,
      @Nullable String problem,
      List<StepPreview> children) {
    Work work = step.step.work();
    return new StepPreview(
        step.path,
        step.name,
        StepKind.of(work),
        StepKind.actionOf(work),
        summary,
        changesSomething(step, dependsOn, problem, children),
        List.of(),
        null,
        dependsOn,
        problem,
        children);
  }

  /** What couldn't be asked counts as changing something, if its action may. */
  private static boolean changesSomething(
      StepRun step, List<String> dependsOn, @Nullable String problem, List<StepPreview> children) {
    boolean mayChange =
        step.step.work() instanceof PlannedStep.Uses uses
            && uses.use().repeatability() != Repeatability.READ_ONLY;
    return (mayChange && (!dependsOn.isEmpty() || problem != null))
        || children.stream().anyMatch(StepPreview::changes);
  }

  private static StepPreview answered(
      StepRun step,
      PreviewCalls.Answer answer,
      @Nullable JsonNode outputs,
      @Nullable String problem,
      boolean preflight) {
    boolean later = isLaterCheck(step, preflight);
    return new StepPreview(
        step.path,
        step.name,
        StepKind.of(step.step.work()),
        StepKind.actionOf(step.step.work()),
        later ? asOfNow(answer.summary()) : answer.summary(),
        answer.changes(),
        later ? withoutProblems(answer.details()) : answer.details(),
        outputs,
        List.of(),
        later ? null : problem,
        List.of());
  }

  /** That a check fails before the steps that mend it is no news, and would bury what is. */
  private static List<StepPreview.Detail> withoutProblems(List<StepPreview.Detail> details) {
    return details.stream().filter(detail -> detail.kind() != StepPreview.Kind.PROBLEM).toList();
  }

  private static StepPreview group(
      String path, String name, String kind, List<StepPreview> children) {
    return new StepPreview(
        path,
        name,
        kind,
        null,
        "",
        children.stream().anyMatch(StepPreview::changes),
        List.of(),
        null,
        List.of(),
        null,
        children);
  }

  private static StepPreview onlyIf(StepPreview p, String when) {
    return new StepPreview(
        p.path(),
        p.name(),
        p.kind(),
        p.action(),
        "Only if `" + when + "`: " + p.summary(),
        p.changes(),
        p.details(),
        p.outputs(),
        p.dependsOn(),
        p.problem(),
        p.children());
  }

  private static String text(JsonNode element) {
    return element.isTextual() ? element.textValue() : element.toString();
  }
}
