package dev.backout.postmortem;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.plan.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Report report = Report.of(SampleRuns.rough(), null);

  @Test
  void itStatesTheImpactInTimeAndData() {
    assertAll(
        () -> assertEquals(Duration.ofMillis(396_400), report.impact().took()),
        () -> assertEquals(Duration.ofMinutes(33), report.impact().dataLost()),
        () -> assertEquals(42L, report.impact().rowsLost()),
        () -> assertTrue(report.impact().data().contains("7 March 2026, 01:36:05 UTC")),
        () -> assertTrue(report.summary().contains("It succeeded at 02:15:41 UTC")));
  }

  @Test
  void aBackupThatWasOnlyLookedAtIsNoDataImpact() {
    Report bare = Report.of(SampleRuns.onlyFound(), null);
    assertNull(bare.impact().dataAsOf());
    assertTrue(bare.impact().data().startsWith("No step says"), bare.impact().data());
    assertEquals("The run has not finished.", bare.impact().time());
  }

  @Test
  void itListsDecisionsInTheOrderInWhichTheyWereTakenAndMarksTheUnproven() {
    assertEquals(
        List.of("authorize ada false", "start_api bo true"),
        report.decisions().stream()
            .map(each -> each.step() + " " + each.by() + " " + each.verified())
            .toList());
  }

  @Test
  void itListsEachFileThatAStepNamedWithItsHash() {
    assertEquals(
        List.of(
            "backup /srv/harvester/backups/harvest-20260307-013605.db " + SampleRuns.SHA,
            "restore /srv/harvester/var/app.db " + SampleRuns.SHA),
        report.evidence().stream()
            .map(each -> each.step() + " " + each.file() + " " + each.sha256())
            .toList());
  }

  @Test
  void itAsksWhatTheRecordCanNotTell() {
    List<String> topics = report.questions().stream().map(Report.Question::topic).toList();
    assertTrue(
        topics.containsAll(List.of("Reason", "Duration", "Data loss", "Root cause", "Prevention")),
        topics::toString);
    assertNull(
        report.questions().stream()
            .filter(each -> each.topic().equals("Root cause"))
            .findFirst()
            .orElseThrow()
            .known());
  }

  @Test
  void aStepBeyondItsBudgetIsMarked() {
    assertEquals(
        List.of("start_api"),
        report.steps().stream()
            .filter(Report.StepLine::overBudget)
            .map(Report.StepLine::path)
            .toList());
  }

  @Test
  void hostileNamesStayTextInHtml() {
    String html =
        Format.HTML.render(
            Report.of(SampleRuns.rough(SampleRuns.HOSTILE, SampleRuns.HOSTILE), null));
    assertFalse(html.contains("<script"), "a script tag");
    assertFalse(html.contains("<img"), "an image tag");
    assertTrue(html.contains("&lt;script&gt;"));
  }

  @Test
  void hostileNamesStayTextInMarkdown() {
    String markdown =
        Format.MD.render(Report.of(SampleRuns.rough(SampleRuns.HOSTILE, "a | b\n# c"), null));
    assertFalse(markdown.contains("<script"), markdown);
    assertTrue(markdown.contains("a \\| b \\# c"), markdown);
  }

  @Test
  void theJsonFormHasTheSameFigures() throws Exception {
    JsonNode json = Json.MAPPER.readTree(Format.JSON.render(report));
    assertEquals("PT6M36.4S", json.at("/impact/took").asText());
    assertEquals(42, json.at("/impact/rowsLost").asInt());
    assertEquals(SampleRuns.SHA, json.at("/evidence/0/sha256").asText());
  }

  @Test
  void theEmptiestRecordCanBeReportedInEveryForm() {
    Report bare = Report.of(SampleRuns.bare(), null);
    for (Format format : Format.values()) {
      assertTrue(format.render(bare).contains("Planned rollback of x"), format::name);
    }
  }

  @Test
  void theFormIsChosenByTheFilesEnding() {
    assertEquals(Format.HTML, Format.ofFile("a.b/report.HTM").orElseThrow());
    assertEquals(Format.MD, Format.ofFile("report.md").orElseThrow());
    assertTrue(Format.ofFile("report.pdf").isEmpty());
  }
}
