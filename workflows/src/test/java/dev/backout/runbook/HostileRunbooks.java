package dev.backout.runbook;

import java.util.LinkedHashMap;
import java.util.Map;

/** Texts of up to 1 MiB that were made to cost time or memory. */
final class HostileRunbooks {
  private static final int FULL = SourceReader.MAX_BYTES;

  private static final String HEAD =
      """
      apiVersion: backout/v1
      kind: planned
      name: hostile
      summary: Cost as much as it can.
      target: nobody
      """;

  private HostileRunbooks() {}

  static Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("brackets", fill(HEAD + "steps: ", "[", ""));
    all.put("braces", fill(HEAD + "steps: ", "{", ""));
    all.put("nested lists", fill(HEAD + "steps:\n", "- ", ""));
    all.put("nested keys", fill(HEAD + "steps:\n", "? ", ""));
    all.put("a list in one line", fill(HEAD + "steps: [", "a,", "]"));
    all.put("pairs in one line", fill(HEAD + "steps: [", "\uD83D\uDE92,", "]"));
    all.put("empty steps", fill(HEAD + "steps:\n", "- {}\n", ""));
    all.put(
        "one value a line", fill(HEAD + "steps:\n- uses: a.b\n  with:\n    x:\n", "    - a\n", ""));
    all.put("one key again and again", fill(HEAD + "steps: {", "a: ,", "}"));
    all.put("many keys", numbered(HEAD + "steps:\n- uses: a.b\n  with:\n", "    k%d: 1\n"));
    all.put("many unknown keys", numbered(HEAD, "stepp%d: 1\n"));
    all.put("many ids", numbered(HEAD + "steps:\n", "- {id: s%d, uses: a.b}\n"));
    all.put("one id", fill(HEAD + "steps:\n", "- {id: s, uses: a.b}\n", ""));
    all.put("long text", fill(HEAD + "steps:\n- uses: a.b\n  name: ", "a", ""));
    all.put("long quotes", fill(HEAD + "steps:\n- uses: a.b\n  name: \"", "\\\"", "\"\n"));
    all.put("open quote", fill(HEAD + "steps:\n- uses: a.b\n  name: \"", "a\n   ", ""));
    all.put("expressions", fill(HEAD + "steps:\n- uses: a.b\n  name: ", "${{a}}", ""));
    all.put("open expressions", fill(HEAD + "steps:\n- uses: a.b\n  name: ", "${{", ""));
    all.put("quoted expressions", fill(HEAD + "steps:\n- uses: a.b\n  name: ", "${{'", ""));
    all.put("empty expressions", fill(HEAD + "steps:\n- uses: a.b\n  name: ", "${{}}", ""));
    all.put("white space", fill(HEAD + "steps:\n- uses: a.b\n  name: >\n", "   \n", "   ${{a}}\n"));
    all.put("digits", fill(HEAD + "steps:\n- uses: a.b\n  with: {x: ", "9", "}\n"));
    all.put("documents", fill(HEAD, "---\n", ""));
    all.put("comments", fill(HEAD, "#\n", ""));
    all.put("blank lines", fill(HEAD, "\n", ""));
    all.put("tags", fill(HEAD + "steps: [", "!a a,", "]"));
    all.put("anchors", numbered(HEAD + "steps:\n", "- &a%d a\n"));
    all.put("directives", fill("", "%YAML 1.2\n", ""));
    all.put("control characters", fill(HEAD, "\u0001", ""));
    all.put("billion laughs", laughs());
    all.put("a long text many times", longAliases());
    all.put("too large", "a".repeat(FULL + 1));
    return all;
  }

  private static String fill(String head, String piece, String tail) {
    int room = FULL - head.length() - tail.length();
    return head + piece.repeat(room / piece.length()) + tail;
  }

  private static String numbered(String head, String piece) {
    StringBuilder text = new StringBuilder(head);
    for (int i = 0; text.length() < FULL - 100; i++) {
      text.append(piece.formatted(i));
    }
    return text.toString();
  }

  private static String laughs() {
    StringBuilder text = new StringBuilder(HEAD + "steps:\n- &a0 [lol, lol]\n");
    for (int i = 1; i < 60; i++) {
      text.append("- &a%d [%s*a%d]\n".formatted(i, "*a%d, ".formatted(i - 1).repeat(9), i - 1));
    }
    return text.toString();
  }

  private static String longAliases() {
    String once =
        HEAD + "steps:\n- uses: a.b\n  name: &long \"${{ " + "a".repeat(FULL / 2) + " }}\"\n";
    return fill(once, "- {uses: a.b, name: *long}\n", "");
  }
}
