package dev.backout.cli;

import dev.backout.history.Resumption;
import dev.backout.history.Resumption.Former;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Json;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.TakenOverSteps;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps what a new run is told of a former one within what a server takes. */
final class HandedOn {
  /** Up to here all outputs are handed on, whether the plan speaks of them or not. */
  private static final int ALL = 512 * 1024;

  /** With the plan; a server takes 2 MiB in one payload. */
  private static final int MOST = 1_800 * 1024;

  private static final Pattern OUTPUTS =
      Pattern.compile(
          "\\bsteps\\s*(?:\\.\\s*|\\[\\s*\\\\?[\"'])([A-Za-z0-9_]+)\\b.{0,8}\\boutputs\\b");

  private HandedOn() {}

  /**
   * Without the outputs that nothing in the plan speaks of, where all of them are too much.
   *
   * @throws CommandFailure if it is too much even so
   */
  static Resumption within(Resumption taken, ExecutionPlan plan) {
    if (size(taken) <= ALL) {
      return taken;
    }
    Resumption needed = needed(taken, plan);
    int whole = size(needed) + size(plan);
    if (whole > MOST) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "What was done is too much to hand to a new run: with the plan "
              + whole / 1024
              + " KiB, and a run takes "
              + MOST / 1024
              + ". Begin anew with a runbook of the steps that are left.");
    }
    return needed;
  }

  private static Resumption needed(Resumption taken, ExecutionPlan plan) {
    Set<String> ids = spokenOf(plan);
    Map<String, Former> steps = new LinkedHashMap<>();
    taken
        .steps()
        .forEach((path, step) -> steps.put(path, isNeeded(path, plan, ids) ? step : bare(step)));
    Map<String, Resumption> children = new LinkedHashMap<>();
    taken
        .children()
        .forEach(
            (path, child) ->
                children.put(
                    path,
                    TakenOverSteps.find(plan.steps(), path)
                        .map(PlannedStep::work)
                        .filter(PlannedStep.CallRunbook.class::isInstance)
                        .map(work -> needed(child, ((PlannedStep.CallRunbook) work).plan()))
                        .orElse(child)));
    return new Resumption(
        taken.runId(), steps, taken.lists(), children, taken.undo(), taken.lost());
  }

  private static boolean isNeeded(String path, ExecutionPlan plan, Set<String> spokenOf) {
    return spokenOf.contains(path.substring(path.lastIndexOf('/') + 1))
        || TakenOverSteps.find(plan.steps(), path).map(PlannedStep::undo).isPresent();
  }

  private static Set<String> spokenOf(ExecutionPlan plan) {
    Set<String> ids = new HashSet<>();
    Matcher matcher = OUTPUTS.matcher(Json.MAPPER.valueToTree(plan).toString());
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids;
  }

  private static Former bare(Former step) {
    return new Former(
        step.runId(),
        step.name(),
        step.how(),
        step.attempt(),
        step.startedAt(),
        step.finishedAt(),
        null,
        step.decisions(),
        step.facts());
  }

  private static int size(Object document) {
    return Json.MAPPER.valueToTree(document).toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
