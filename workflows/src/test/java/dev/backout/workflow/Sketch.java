package dev.backout.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;
import dev.backout.plan.ActionUse;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.ExecutionPlanBuilder;
import dev.backout.plan.Json;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.OnFailure;
import dev.backout.plan.PlannedStep.Retry;
import dev.backout.plan.PlannedStep.Work;
import dev.backout.runbook.Occasion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans in a few words, for tests. */
public final class Sketch {
  public static final ValueType.Struct ANY = new ValueType.Struct(Map.of());

  private Sketch() {}

  public static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  public static ExecutionPlan plan(PlannedStep... steps) {
    return plan(List.of(), List.of(steps));
  }

  public static ExecutionPlan plan(List<PlannedStep> preflight, List<PlannedStep> steps) {
    return ExecutionPlanBuilder.builder()
        .version(1)
        .runbook("sketch")
        .kind("emergency")
        .summary("A sketch of a runbook")
        .target("shop")
        .rto(Duration.ofMinutes(15))
        .rpo(Duration.ofHours(1))
        .inputs(Map.of("home", json("'/srv/shop'")))
        .inputTypes(ANY)
        .triggers(List.of())
        .preflight(preflight)
        .steps(steps)
        .followUps(List.of(new ExecutionPlan.PlannedFollowUp("Tell people", Duration.ofHours(1))))
        .outputs(Map.of())
        .outputTypes(ANY)
        .sources(List.of())
        .digest("sha256:0")
        .build();
  }

  /** With other outputs, or another objective. */
  public static ExecutionPlan with(
      ExecutionPlan plan, Map<String, String> outputs, @Nullable Duration rto) {
    return plan.withOutputs(new LinkedHashMap<>(outputs)).withRto(rto);
  }

  /** With what runs whatever has happened. */
  public static ExecutionPlan lastly(ExecutionPlan plan, PlannedStep... lastly) {
    return plan.withLastly(List.of(lastly));
  }

  /** With somebody who is told of these. */
  public static ExecutionPlan telling(ExecutionPlan plan, String name, Occasion... events) {
    return plan.withNotifications(
        List.of(
            new ExecutionPlan.PlannedNotification(
                name,
                use("notify.webhook", Repeatability.SAFE, "{'url': 'https://pager.example'}"),
                List.of(events),
                List.of())));
  }

  public static ActionUse use(String action, Repeatability repeatability, String with) {
    return new ActionUse(action, json(with), repeatability, ANY);
  }

  /** What makes a copy of something, and leaves nothing to take back. */
  public static PlannedStep copies(String id, String action) {
    return step(
        id, new PlannedStep.Uses(new ActionUse(action, json("{}"), Repeatability.SAFE, ANY, true)));
  }

  /** An action that is safe to repeat. */
  public static PlannedStep safe(String id, String action, String with) {
    return step(id, new PlannedStep.Uses(use(action, Repeatability.SAFE, with)));
  }

  public static PlannedStep safe(String id, String action) {
    return safe(id, action, "{}");
  }

  public static PlannedStep never(String id, String action) {
    return step(id, new PlannedStep.Uses(use(action, Repeatability.NEVER, "{}")));
  }

  public static PlannedStep reads(String id, String action) {
    return step(id, new PlannedStep.Uses(use(action, Repeatability.READ_ONLY, "{}")));
  }

  public static PlannedStep gate(String id, int quorum, String... escalateTo) {
    return step(
        id,
        new PlannedStep.Checkpoint(
            "May we go on with ${{ inputs.home }}?",
            List.of("group:oncall"),
            quorum,
            Duration.ofMinutes(5),
            List.of(escalateTo)));
  }

  public static PlannedStep waits(String id, String action, String until) {
    return step(
        id,
        new PlannedStep.Wait(
            use(action, Repeatability.READ_ONLY, "{}"), until, Duration.ofSeconds(10)));
  }

  public static PlannedStep each(String id, String in, int concurrency, PlannedStep... steps) {
    return step(
        id, new PlannedStep.Each(json(in), "it", new ValueType.Any(), concurrency, List.of(steps)));
  }

  public static PlannedStep step(String id, Work work) {
    return new PlannedStep(
        id,
        "Step " + id,
        work,
        null,
        Duration.ofMinutes(10),
        null,
        null,
        List.of(),
        OnFailure.ASK,
        null,
        null,
        null);
  }

  public static PlannedStep manual(String id, String... items) {
    return step(id, new PlannedStep.Manual(List.of(items)));
  }

  /** An action that must not be repeated, and gives a number of rows. */
  public static PlannedStep neverWithRows(String id, String action) {
    ValueType.Struct rows =
        new ValueType.Struct(
            Map.of(
                "rows",
                new ValueType.Field(
                    new ValueType.Scalar(ValueType.ScalarKind.INTEGER), "", true, null)));
    return step(
        id, new PlannedStep.Uses(new ActionUse(action, json("{}"), Repeatability.NEVER, rows)));
  }

  /** With what tells whether it has happened. */
  public static PlannedStep probed(PlannedStep s, String action, String... expect) {
    return new PlannedStep(
        s.id(),
        s.name(),
        s.work(),
        s.when(),
        s.timeout(),
        s.budget(),
        s.retry(),
        s.expect(),
        s.onFailure(),
        s.undo(),
        new PlannedStep.PlannedProbe(use(action, Repeatability.READ_ONLY, "{}"), List.of(expect)),
        s.runsOn());
  }

  /** With what takes it back. */
  public static PlannedStep undo(PlannedStep s, String action, String with) {
    return new PlannedStep(
        s.id(),
        s.name(),
        s.work(),
        s.when(),
        s.timeout(),
        s.budget(),
        s.retry(),
        s.expect(),
        s.onFailure(),
        use(action, Repeatability.SAFE, with),
        s.probe(),
        s.runsOn());
  }

  public static PlannedStep when(PlannedStep s, String when) {
    return new PlannedStep(
        s.id(),
        s.name(),
        s.work(),
        when,
        s.timeout(),
        s.budget(),
        s.retry(),
        s.expect(),
        s.onFailure(),
        s.undo(),
        s.probe(),
        s.runsOn());
  }

  public static PlannedStep named(PlannedStep s, String name) {
    return new PlannedStep(
        s.id(),
        name,
        s.work(),
        s.when(),
        s.timeout(),
        s.budget(),
        s.retry(),
        s.expect(),
        s.onFailure(),
        s.undo(),
        s.probe(),
        s.runsOn());
  }

  public static PlannedStep expecting(PlannedStep s, String... expect) {
    return new PlannedStep(
        s.id(),
        s.name(),
        s.work(),
        s.when(),
        s.timeout(),
        s.budget(),
        s.retry(),
        List.of(expect),
        s.onFailure(),
        s.undo(),
        s.probe(),
        s.runsOn());
  }

  public static PlannedStep retried(PlannedStep s, int attempts) {
    return new PlannedStep(
        s.id(),
        s.name(),
        s.work(),
        s.when(),
        s.timeout(),
        s.budget(),
        new Retry(attempts, Duration.ofSeconds(2)),
        s.expect(),
        s.onFailure(),
        s.undo(),
        s.probe(),
        s.runsOn());
  }

  public static PlannedStep budgeted(PlannedStep s, Duration budget) {
    return new PlannedStep(
        s.id(),
        s.name(),
        s.work(),
        s.when(),
        s.timeout(),
        budget,
        s.retry(),
        s.expect(),
        s.onFailure(),
        s.undo(),
        s.probe(),
        s.runsOn());
  }

  public static PlannedStep onFailure(PlannedStep s, OnFailure onFailure) {
    return new PlannedStep(
        s.id(),
        s.name(),
        s.work(),
        s.when(),
        s.timeout(),
        s.budget(),
        s.retry(),
        s.expect(),
        onFailure,
        s.undo(),
        s.probe(),
        s.runsOn());
  }
}
