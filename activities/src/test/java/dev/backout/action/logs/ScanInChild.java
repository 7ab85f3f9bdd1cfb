package dev.backout.action.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;

/** A worker that does nothing but scan a log, in as little memory as it is given: {@code FILE}. */
final class ScanInChild {
  private ScanInChild() {}

  public static void main(String[] args) throws Exception {
    JsonNode output =
        Catalog.run(
            "logs.scan",
            "{'file': '" + args[0] + "', 'pattern': 'ERROR', 'maxMatches': 1000}",
            new PlainContext());
    System.out.println(output.get("linesScanned") + " " + output.get("matches"));
  }
}
