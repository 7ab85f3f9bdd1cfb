package dev.backout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.catalog.Repeatability;
import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.ParseResult;
import dev.backout.runbook.RunbookParser;
import dev.backout.runbook.SourceText;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunbookCompilerTest {
  private static final String INPUTS =
      """
      inputs:
        home: { type: path }
        age: { type: duration, default: 24h }
        size: { type: size, required: false }
        level: { type: int, default: 3 }
        ratio: { type: number, required: false }
        on: { type: bool, default: false }
        since: { type: timestamp, required: false }
        services: { type: list<string>, default: [api] }
        token: { type: secret, required: false }
      """;
  private static final String STEPS = "steps:\n  - { id: stop, uses: process.stop }\n";

  @Test
  void texts_of_the_command_line_are_read_as_their_inputs_ask() {
    ExecutionPlan plan =
        compile(
                Map.of(
                    "home", text("/srv"),
                    "age", text("90m"),
                    "size", text("1MiB"),
                    "level", text("7"),
                    "ratio", text("2.50"),
                    "on", text("true"),
                    "since", text("2026-01-31T10:30:00+01:00"),
                    "services", text("api, jobs"),
                    "token", text("secret:TOKEN")))
            .plan()
            .orElseThrow();
    assertEquals(
        Plans.json(
            "{'home': '/srv', 'age': '1h30m', 'size': 1048576, 'level': 7, 'ratio': 2.5, 'on': true,"
                + " 'since': '2026-01-31T09:30:00Z', 'services': ['api', 'jobs'], 'token':"
                + " 'secret:TOKEN'}"),
        Plans.json(Json.MAPPER.valueToTree(plan.inputs()).toString()));
  }

  @Test
  void what_is_not_given_takes_its_default_and_optional_inputs_stay_away() {
    ExecutionPlan plan = compile(Map.of("home", text("/srv"))).plan().orElseThrow();
    assertEquals(
        Plans.json("{'home': '/srv', 'age': '1d', 'level': 3, 'on': false, 'services': ['api']}"),
        Plans.json(Json.MAPPER.valueToTree(plan.inputs()).toString()));
  }

  @Test
  void an_input_without_a_value_is_said_where_the_runbook_declares_it() {
    Compilation compilation = compile(Map.of());
    Diagnostic missing = compilation.diagnostics().get(0);
    assertEquals("missing-input", missing.code());
    assertEquals("cases/case.yaml", missing.file());
    assertEquals("Give it: `--input home=…`", missing.hint());
    assertTrue(compilation.plan().isEmpty());
  }

  @Test
  void unknown_and_wrong_inputs_are_said_of_where_they_came_from() {
    Compilation compilation =
        compile(
            Map.of(
                "home", text("/srv"),
                "hmoe", GivenInput.text("/srv", "--input hmoe"),
                "level", GivenInput.text("many", "--input level"),
                "age", GivenInput.json(Plans.json("30"), "inputs.yaml, age"),
                "token", GivenInput.text("hunter2", "--input token")));
    Map<String, String> said = new HashMap<>();
    compilation
        .diagnostics()
        .forEach(d -> said.put(d.file(), d.code() + ": " + d.message() + " " + d.hint()));
    assertEquals(
        Map.of(
            "--input hmoe",
                "unknown-input: The runbook `example` has no input `hmoe` Did you mean `home`?",
            "--input level", "wrong-type: Expected a whole number, found the text \"many\" null",
            "inputs.yaml, age",
                "wrong-type: Expected a duration, found the number 30 With a unit: `30s`, `30m`",
            "--input token",
                "not-a-secret-reference: The input `token` takes only a reference to a secret, and"
                    + " was given something else Write `secret:NAME`; the worker finds the value"
                    + " under that name"),
        said);
    assertFalse(compilation.diagnostics().toString().contains("hunter2"));
  }

  @Test
  void an_expression_in_an_input_stays_a_text() {
    ExecutionPlan plan = compile(Map.of("home", text("/${{ 1 + 1 }}"))).plan().orElseThrow();
    assertEquals(
        "/${{ 1 + 1 }}", Scope.of(plan).render(Plans.json("'${{ inputs.home }}'")).asText());
  }

  @Test
  void the_target_is_rendered_with_the_inputs() {
    String yaml =
        PlanCases.HEAD.replace("target: example", "target: \"app-${{ inputs.level }}\"")
            + INPUTS
            + STEPS;
    assertEquals(
        "app-3",
        PlanCases.compile(yaml, Map.of("home", text("/srv"))).plan().orElseThrow().target());
  }

  @Test
  void checking_needs_no_inputs_and_gives_no_plan() {
    Compilation checked =
        PlanCases.compiler().check(PlanCases.parse(PlanCases.HEAD + INPUTS + STEPS));
    assertEquals(List.of(), checked.diagnostics());
    assertTrue(checked.plan().isEmpty());
  }

  @Test
  void what_is_safe_is_tried_three_times_and_what_is_not_once() {
    ExecutionPlan plan =
        PlanCases.plan(
            PlanCases.HEAD
                + """
                steps:
                  - { id: safe, uses: process.stop }
                  - { id: never, uses: process.start, with: { command: [a], directory: / } }
                  - { id: made_never, uses: process.stop, rerun: never }
                  - { id: made_safe, uses: process.start, with: { command: [a], directory: / }, rerun: safe, retry: { attempts: 5, interval: 3s } }
                """);
    assertEquals(new PlannedStep.Retry(3, Duration.ofSeconds(1)), plan.steps().get(0).retry());
    assertEquals(null, plan.steps().get(1).retry());
    assertEquals(null, plan.steps().get(2).retry());
    assertEquals(new PlannedStep.Retry(5, Duration.ofSeconds(3)), plan.steps().get(3).retry());
    assertEquals(
        List.of(Repeatability.SAFE, Repeatability.NEVER, Repeatability.NEVER, Repeatability.SAFE),
        plan.steps().stream()
            .map(step -> ((PlannedStep.Uses) step.work()).use().repeatability())
            .toList());
  }

  @Test
  void runbooks_that_call_each_other_too_deep_are_refused() {
    RunbookLoader endless =
        file -> {
          int depth = Integer.parseInt(file.replaceAll("\\D", ""));
          return Optional.of(parsed(file, "steps:\n  - runbook: d" + (depth + 1) + ".yaml\n"));
        };
    Compilation compilation =
        new RunbookCompiler(PlanCases.compiler().catalog(), endless)
            .check(parsed("d0.yaml", "steps:\n  - runbook: d1.yaml\n"));
    assertEquals("runbooks-too-deep", PlanCases.codes(compilation));
    assertEquals("d7.yaml", compilation.diagnostics().get(0).file());
  }

  @Test
  void a_plan_that_no_run_can_take_is_refused_with_its_size() {
    String large = "# " + "x".repeat(900 * 1024) + "\n";
    RunbookLoader child =
        file ->
            Optional.of(
                parsed(
                    file,
                    large
                        + "steps:\n  - id: ask\n    name: Go on?\n    checkpoint: { approvers: [group:oncall] }\n"));
    RunbookCompiler compiler = new RunbookCompiler(PlanCases.compiler().catalog(), child);
    Compilation once = compiler.check(parsed("a.yaml", "steps:\n  - runbook: c.yaml\n"));
    assertEquals("", PlanCases.codes(once));
    Compilation twice =
        compiler.check(parsed("b.yaml", "steps:\n  - runbook: c.yaml\n  - runbook: d.yaml\n"));
    assertEquals("plan-too-large", PlanCases.codes(twice));
    assertEquals("b.yaml", twice.diagnostics().get(0).file());
    assertTrue(
        twice.diagnostics().get(0).message().matches(".* has 18\\d\\d KiB, .* at most 1200 KiB"),
        twice.diagnostics().get(0)::message);
  }

  @Test
  void a_child_that_two_steps_call_is_read_and_checked_once() {
    int[] reads = {0};
    RunbookLoader counting =
        file -> {
          reads[0]++;
          return Optional.of(parsed(file, "steps:\n  - uses: no.such\n"));
        };
    Compilation compilation =
        new RunbookCompiler(PlanCases.compiler().catalog(), counting)
            .check(parsed("top.yaml", "steps:\n  - runbook: c.yaml\n  - runbook: ./c.yaml\n"));
    assertEquals("unknown-action", PlanCases.codes(compilation));
    assertEquals(1, reads[0]);
  }

  @Test
  void a_child_runs_with_what_its_parent_gives_and_its_own_defaults() {
    ExecutionPlan parent =
        PlanCases.plan(
            PlanCases.HEAD
                + "steps:\n  - { id: v, runbook: ../children/healthy.yaml, with: { baseUrl:"
                + " \"http://127.0.0.1:${{ 8000 + 1 }}\" } }\n");
    PlannedStep.CallRunbook call = (PlannedStep.CallRunbook) parent.steps().get(0).work();
    Scope child = Scope.of(call.plan(), Scope.of(parent).render(call.with()));
    assertEquals(
        "http://127.0.0.1:8001 2s", child.renderText("${{ inputs.baseUrl }} ${{ inputs.within }}"));
  }

  @Test
  void errors_of_the_file_itself_stand_beside_those_of_its_meaning() {
    Compilation compilation =
        PlanCases.compile(
            PlanCases.HEAD + "steps:\n  - { uses: process.stop, tiemout: 3s, with: { port: x } }\n",
            Map.of());
    assertEquals("unknown-key wrong-type", PlanCases.codes(compilation));
  }

  private static Compilation compile(Map<String, GivenInput> inputs) {
    return PlanCases.compile(PlanCases.HEAD + INPUTS + STEPS, inputs);
  }

  private static ParseResult parsed(String file, String steps) {
    return RunbookParser.parse(new SourceText(file, PlanCases.HEAD + steps));
  }

  private static GivenInput text(String text) {
    return GivenInput.text(text, "--input");
  }
}
