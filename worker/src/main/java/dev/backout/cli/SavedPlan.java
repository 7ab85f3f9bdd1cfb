package dev.backout.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.plan.Digest;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Json;
import dev.backout.plan.PlanDiff;
import dev.backout.workflow.PlanPreview;
import dev.backout.workflow.StepPreview;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A plan and what was shown of it, as {@code plan -O} keeps them. */
record SavedPlan(ExecutionPlan plan, PlanPreview preview) {
  static boolean isOne(String file) {
    return file.endsWith(".json");
  }

  static SavedPlan read(Path file) {
    SavedPlan saved;
    try {
      JsonNode json = Json.MAPPER.readTree(file.toFile());
      if (json == null || !json.path("plan").isObject() || !json.path("preview").isObject()) {
        throw unusable(file, "it has no plan and preview in it");
      }
      saved = Json.MAPPER.treeToValue(json, SavedPlan.class);
    } catch (JsonProcessingException e) {
      throw unusable(file, e.getOriginalMessage());
    } catch (IOException e) {
      throw unusable(file, "it can't be read: " + e.getMessage());
    }
    if (!Digest.matches(saved.plan())) {
      throw unusable(
          file,
          "its digest says "
              + saved.plan().digest()
              + ", but its content has "
              + Digest.of(saved.plan())
              + ": it was changed after it was made");
    }
    return saved;
  }

  /** The file is there whole, or as it was. */
  void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path beside = Files.createTempFile(folder, "plan", ".part");
    try {
      Files.write(beside, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** How what the preflight gives now differs from what was shown; empty if it doesn't. */
  List<String> differences(PlanPreview now) {
    return differences(facts(preview), now);
  }

  /** The same for what the preflight of a run that is under way gave. */
  static List<String> differences(RunStatus run, PlanPreview now) {
    ObjectNode then = Json.MAPPER.createObjectNode();
    for (StepStatus step : run.preflight()) {
      then.putObject(step.path()).set("outputs", step.outputs());
    }
    return differences(then, now);
  }

  private static List<String> differences(ObjectNode then, PlanPreview now) {
    Set<String> readings = new HashSet<>();
    for (StepPreview step : now.preflight()) {
      Catalogs.own()
          .find(Optional.ofNullable(step.action()).orElse(""))
          .ifPresent(
              action ->
                  action
                      .readings()
                      .forEach(name -> readings.add(step.path() + ".outputs." + name)));
    }
    return PlanDiff.between(then, facts(now), readings);
  }

  private static ObjectNode facts(PlanPreview preview) {
    ObjectNode facts = Json.MAPPER.createObjectNode();
    for (StepPreview step : preview.preflight()) {
      ObjectNode fact = facts.putObject(step.path());
      fact.put("problem", step.problem());
      fact.set("outputs", step.outputs());
    }
    return facts;
  }

  private static CommandFailure unusable(Path file, String why) {
    return new CommandFailure(
        ExitCode.ERROR,
        file
            + " is no plan that can be run: "
            + why
            + ". `backout plan FILE -O plan.json` makes one.");
  }
}
