package dev.backout.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunbookParserTest {

  @Test
  void theExampleOfTheDesignParsesAsWritten() throws IOException {
    Path file = Path.of("src/test/resources/runbook/valid/design-example.yaml");
    Runbook runbook = parse(Files.readString(file));

    assertEquals("postgres-to-sqlite", runbook.name().value());
    assertEquals(Runbook.Kind.EMERGENCY, runbook.kind().value());
    assertNotNull(runbook.objectives().rto());
    assertEquals(Duration.ofMinutes(15), runbook.objectives().rto().value());
    assertEquals(List.of("home", "baseUrl"), List.copyOf(runbook.inputs().keySet()));
    assertEquals(
        List.of("authorize", "stop", "configure", "restore", "start", "validate"),
        runbook.steps().stream().map(step -> step.id().value()).toList());
    Work.Checkpoint gate = assertInstanceOf(Work.Checkpoint.class, runbook.steps().get(0).work());
    assertEquals("group:managers", gate.escalateTo().get(0).value().toString());
    assertEquals(2, runbook.followUps().size());
  }

  @Test
  void everyKeyOfTheLanguageIsRead() throws IOException {
    Path file = Path.of("src/test/resources/runbook/valid/every-key.yaml");
    Runbook runbook = parse(Files.readString(file));

    assertEquals(13, runbook.inputs().size());
    assertEquals(9, runbook.steps().size());
    assertEquals(2, runbook.outputs().size());
    Work.Parallel drain = (Work.Parallel) runbook.steps().get(3).work();
    Step jobs = drain.branches().get("jobs").steps().get(0);
    assertNotNull(jobs.probe());
    assertNotNull(jobs.rerun());
    assertEquals(Step.Rerun.SAFE, jobs.rerun().value());
  }

  @Test
  void anExpressionKnowsItsOwnColumn() {
    Runbook runbook =
        parse(example("  - uses: a.b\n    with: { x: \"é ${{ steps.backup.outputs.pth }}\" }\n"));
    Work.Uses work = (Work.Uses) runbook.steps().get(0).work();
    Value.Text text = (Value.Text) work.call().with().find("x").orElseThrow().value();
    Expression expression = text.template().expressions().get(0);

    assertEquals("steps.backup.outputs.pth", expression.cel());
    int field = expression.cel().indexOf("pth");
    SourceRange range = expression.range(field, field + 3);
    assertEquals(new SourcePosition(8, 44), range.start());
    assertEquals(new SourcePosition(8, 47), range.end());
  }

  @Test
  void aWholeExpressionIsToldFromText() {
    assertEquals(true, name("${{ inputs.x }}").whole().isPresent());
    assertEquals(true, name("  ${{ {'a': {'b': 1}} }} ").whole().isPresent());
    assertEquals(false, name("x${{ inputs.x }}").whole().isPresent());
    assertEquals(false, name("${{ a }}${{ b }}").whole().isPresent());
  }

  @Test
  void bracesInQuotesAndMapsDoNotCloseAnExpression() {
    assertEquals("'}}' + r'\\'", name("${{ '}}' + r'\\' }} tail").expressions().get(0).cel());
    assertEquals("{'a': {'b': 1}}", name("${{{'a': {'b': 1}}}}").expressions().get(0).cel());
  }

  @Test
  void stepsWithoutAnIdAreCalledAfterTheirPlace() {
    Runbook runbook =
        parse(
            example(
                """
                  - uses: a.b
                  - id: step_3
                    parallel:
                      left: [{ uses: a.b }]
                      right: [{ id: mine, uses: a.b }]
                  - uses: a.b
                """));
    Work.Parallel both = (Work.Parallel) runbook.steps().get(1).work();

    assertEquals("step_1", runbook.steps().get(0).id().value());
    assertEquals("step_3_", both.branches().get("left").steps().get(0).id().value());
    assertEquals("step_5", runbook.steps().get(2).id().value());
    assertEquals(false, runbook.steps().get(2).idGiven());
  }

  @Test
  void conditionsMayBeBareOrInBraces() {
    Runbook runbook =
        parse(
            example(
                """
                  - uses: a.b
                    when: inputs.x == 1
                    expect: ["${{ outputs.ok }}", true, outputs.n > 2]
                """));
    Step step = runbook.steps().get(0);

    assertNotNull(step.when());
    assertEquals("inputs.x == 1", step.when().cel());
    assertEquals(
        List.of("outputs.ok", "true", "outputs.n > 2"),
        step.expect().stream().map(Expression::cel).toList());
  }

  @Test
  void aSmallAliasSaysItsValueAgain() {
    Runbook runbook =
        parse(
            example(
                """
                  - uses: a.b
                    with: &services { names: [api, jobs] }
                  - uses: a.c
                    with: *services
                """));
    assertEquals(
        ((Work.Uses) runbook.steps().get(0).work()).call().with(),
        ((Work.Uses) runbook.steps().get(1).work()).call().with());
  }

  @Test
  void aBadFieldDoesNotHideWhatStandsBesideIt() {
    SourceText source =
        new SourceText(
            "x.yaml",
            example("  - { id: one, uses: a.b, timeout: 5 }\n  - { id: two, uses: a.b }\n"));
    ParseResult result = RunbookParser.parse(source);

    assertEquals(1, result.diagnostics().size());
    assertEquals(
        List.of("one", "two"),
        result.runbook().orElseThrow().steps().stream().map(step -> step.id().value()).toList());
  }

  private static Template name(String text) {
    String quoted = text.replace("'", "''");
    Template name =
        parse(example("  - uses: a.b\n    name: '" + quoted + "'\n")).steps().get(0).name();
    assertNotNull(name);
    return name;
  }

  private static String example(String steps) {
    return """
        apiVersion: backout/v1
        kind: planned
        name: example
        summary: Bring the example back.
        target: example
        steps:
        """
        + steps;
  }

  private static Runbook parse(String text) {
    SourceText source = new SourceText("example.yaml", text);
    ParseResult result = RunbookParser.parse(source);
    assertEquals("", DiagnosticRenderer.text(result.diagnostics(), source, false));
    return result.runbook().orElseThrow();
  }
}
