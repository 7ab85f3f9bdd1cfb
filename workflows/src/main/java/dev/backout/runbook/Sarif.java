package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Diagnostics as SARIF 2.1.0, which code scanners and editors read. */
public final class Sarif {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private Sarif() {}

  /**
   * @param toolVersion Backout's own
   */
  public static ObjectNode render(List<Diagnostic> diagnostics, String toolVersion) {
    ObjectNode log = JsonNodeFactory.instance.objectNode();
    log.put("$schema", SCHEMA).put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "backout").put("version", toolVersion);
    ArrayNode rules = driver.putArray("rules");
    List<String> codes = diagnostics.stream().map(Diagnostic::code).distinct().sorted().toList();
    codes.forEach(code -> rules.addObject().put("id", code));
    run.put("columnKind", "unicodeCodePoints");
    ArrayNode results = run.putArray("results");
    diagnostics.forEach(diagnostic -> result(diagnostic, codes, results.addObject()));
    return log;
  }

  private static void result(Diagnostic problem, List<String> codes, ObjectNode result) {
    result.put("ruleId", problem.code()).put("ruleIndex", codes.indexOf(problem.code()));
    result.put("level", problem.isError() ? "error" : "warning");
    String hint = problem.hint() == null ? "" : ". " + problem.hint();
    result.putObject("message").put("text", problem.message() + hint);
    ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
    place.putObject("artifactLocation").put("uri", uri(problem.file()));
    place
        .putObject("region")
        .put("startLine", problem.range().start().line())
        .put("startColumn", problem.range().start().column())
        .put("endLine", problem.range().end().line())
        .put("endColumn", problem.range().end().column());
  }

  /** A path as a relative or absolute reference, with what URIs don't allow escaped. */
  private static String uri(String file) {
    try {
      return new URI(null, null, file.replace('\\', '/'), null).toASCIIString();
    } catch (URISyntaxException e) {
      return file;
    }
  }
}
