package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import dev.backout.plan.ExecutionPlan.PlannedFollowUp;
import dev.backout.plan.ExecutionPlan.PlannedTrigger;
import dev.backout.plan.ExecutionPlan.SourceText;
import dev.backout.plan.PlannedStep.OnFailure;
import dev.backout.plan.PlannedStep.Work;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans made by hand, with something in every field. */
final class Plans {
  private Plans() {}

  static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static ValueType scalar(ScalarKind kind) {
    return new ValueType.Scalar(kind);
  }

  static ValueType.Struct struct(Object... namesAndTypes) {
    Map<String, ValueType.Field> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      ValueType type =
          namesAndTypes[i + 1] instanceof ScalarKind kind
              ? scalar(kind)
              : (ValueType) namesAndTypes[i + 1];
      fields.put((String) namesAndTypes[i], new ValueType.Field(type, "", true, null));
    }
    return new ValueType.Struct(fields);
  }

  static ActionUse use(String action) {
    return new ActionUse(
        action,
        json("{'file': '${{ inputs.home }}/.env', 'lines': 3}"),
        Repeatability.SAFE,
        struct("path", ScalarKind.PATH, "age", ScalarKind.DURATION));
  }

  static PlannedStep step(String id, Work work) {
    return step(id, work, null);
  }

  static PlannedStep step(String id, Work work, @Nullable String when) {
    return new PlannedStep(
        id,
        "Step " + id,
        work,
        when,
        Duration.ofMinutes(10),
        Duration.ofMinutes(2),
        new PlannedStep.Retry(3, Duration.ofSeconds(1)),
        List.of("outputs.age < duration('1h')"),
        OnFailure.ASK,
        use("dotenv.edit"),
        new PlannedStep.PlannedProbe(use("dotenv.read"), List.of("outputs.age > duration('0s')")),
        "database-hosts");
  }

  /** With nothing but its work. */
  static PlannedStep bare(String id, Work work) {
    return new PlannedStep(
        id,
        id,
        work,
        null,
        Duration.ofMinutes(1),
        null,
        null,
        List.of(),
        OnFailure.ASK,
        null,
        null,
        null);
  }

  static ExecutionPlan plan(PlannedStep... steps) {
    Map<String, JsonNode> inputs = new LinkedHashMap<>();
    inputs.put("home", JsonNodeFactory.instance.textNode("/srv/app"));
    inputs.put("maxAge", JsonNodeFactory.instance.textNode("24h"));
    return ExecutionPlanBuilder.builder()
        .version(1)
        .runbook("postgres-to-sqlite")
        .kind("emergency")
        .summary("Back to SQLite")
        .target("signal-harvester")
        .rto(Duration.ofMinutes(15))
        .rpo(Duration.ofHours(1))
        .inputs(inputs)
        .inputTypes(struct("home", ScalarKind.PATH, "maxAge", ScalarKind.DURATION))
        .triggers(
            List.of(
                new PlannedTrigger(
                    "down",
                    use("postgres.ping"),
                    List.of("outputs.reachable"),
                    Duration.ofMinutes(5))))
        .preflight(List.of(step("backup", new PlannedStep.Uses(use("sqlite.findBackup")))))
        .steps(List.of(steps))
        .followUps(List.of(new PlannedFollowUp("Tell people", Duration.ofHours(1))))
        .outputs(Map.of("backup", "steps.backup.outputs.path"))
        .outputTypes(struct("backup", ScalarKind.PATH))
        .sources(List.of(new SourceText("runbook.yaml", "kind: emergency\n")))
        .digest("sha256:00")
        .build();
  }

  /** One step of every kind. */
  static ExecutionPlan full() {
    return plan(
        step("stop", new PlannedStep.Uses(use("process.stop")), "inputs.home != ''"),
        step(
            "agree",
            new PlannedStep.Checkpoint(
                "Go on?",
                List.of("group:oncall"),
                2,
                Duration.ofMinutes(5),
                List.of("group:managers"))),
        step("look", new PlannedStep.Manual(List.of("Look at it"))),
        step(
            "both",
            new PlannedStep.Parallel(
                Map.of("left", List.of(step("a", new PlannedStep.Uses(use("process.stop"))))))),
        step(
            "all",
            new PlannedStep.Each(
                json("['api', 'jobs']"),
                "service",
                scalar(ScalarKind.STRING),
                2,
                List.of(step("one", new PlannedStep.Uses(use("process.stop")))))),
        step("child", new PlannedStep.CallRunbook(plan(), json("{'home': '/srv'}"))),
        step(
            "ready",
            new PlannedStep.Wait(
                use("http.check"), "outputs.age > duration('1s')", Duration.ofSeconds(2))));
  }
}
