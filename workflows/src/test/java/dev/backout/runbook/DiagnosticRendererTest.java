package dev.backout.runbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticRendererTest {
  private static final Diagnostic PROBLEM =
      new Diagnostic(
          "a b,c/x.yaml",
          new SourceRange(new SourcePosition(2, 3), new SourcePosition(2, 8)),
          Severity.ERROR,
          "unknown-key",
          "`uzes` is 100% unknown",
          "Did you mean\n`uses`?");

  @Test
  void colourIsOnlyWhereItIsAskedFor() {
    SourceText source = new SourceText("a b,c/x.yaml", "steps:\n- uzes: a.b\n");

    assertFalse(DiagnosticRenderer.text(List.of(PROBLEM), source, false).contains("\u001b"));
    assertTrue(DiagnosticRenderer.text(List.of(PROBLEM), source, true).contains("\u001b[1;31m"));
  }

  @Test
  void aSourceLineCannotSteerTheTerminal() {
    SourceText source = new SourceText("a b,c/x.yaml", "x\n- uzes\u001b[2J\u202e: a.b\n");

    String text = DiagnosticRenderer.text(List.of(PROBLEM), source, false);

    assertFalse(text.contains("\u001b"));
    assertFalse(text.contains("\u202e"));
  }

  @Test
  void aProblemWithoutASourceHasNoExcerpt() {
    assertEquals(
        "a b,c/x.yaml:2:3: error: `uzes` is 100% unknown [unknown-key]\n"
            + "  hint: Did you mean\n`uses`?\n",
        DiagnosticRenderer.text(List.of(PROBLEM), file -> null, false));
  }

  @Test
  void gitHubReadsOneAnnotationALine() {
    assertEquals(
        "::error file=a b%2Cc/x.yaml,line=2,endLine=2,col=3,endColumn=8,title=unknown-key"
            + "::`uzes` is 100%25 unknown%0ADid you mean%0A`uses`?\n",
        DiagnosticRenderer.github(List.of(PROBLEM)));
  }

  @Test
  void sarifNamesRulePlaceAndLevel() {
    JsonNode log = Sarif.render(List.of(PROBLEM), "1.2.3");
    JsonNode run = log.at("/runs/0");
    JsonNode result = run.at("/results/0");

    assertEquals("2.1.0", log.path("version").asText());
    assertEquals("unicodeCodePoints", run.path("columnKind").asText());
    assertEquals("unknown-key", run.at("/tool/driver/rules/0/id").asText());
    assertEquals("unknown-key", result.path("ruleId").asText());
    assertEquals("error", result.path("level").asText());
    JsonNode place = result.at("/locations/0/physicalLocation");
    assertEquals("a%20b,c/x.yaml", place.at("/artifactLocation/uri").asText());
    assertEquals(8, place.at("/region/endColumn").asInt());
  }

  @Test
  void sarifOfNoProblemsIsARunWithoutResults() {
    assertEquals(0, Sarif.render(List.of(), "1").at("/runs/0/results").size());
    assertTrue(Sarif.render(List.of(), "1").at("/runs/0/results").isArray());
  }
}
