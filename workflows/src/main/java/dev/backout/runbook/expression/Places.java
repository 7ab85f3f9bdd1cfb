package dev.backout.runbook.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import java.util.Map;

/** Where the parts of an expression stand in its text. */
record Places(String cel, Map<Long, Integer> positions) {

  static Places of(String cel, CelAbstractSyntaxTree ast) {
    return new Places(cel, ast.getSource().getPositionsMap());
  }

  /** Where the last name of a reference begins: an identifier itself, or what is behind the dot. */
  int startOfName(long id, String name) {
    int from = offset(id);
    int found = cel.indexOf(name, from);
    return found < 0 ? from : found;
  }

  int offset(long id) {
    return chars(positions.getOrDefault(id, 0));
  }

  private int chars(int codePoints) {
    return cel.offsetByCodePoints(0, Math.min(codePoints, cel.codePointCount(0, cel.length())));
  }

  static int offset(String cel, int line, int column) {
    int start = 0;
    for (int i = 1; i < line; i++) {
      int next = cel.indexOf('\n', start);
      if (next < 0) {
        break;
      }
      start = next + 1;
    }
    int rest = cel.codePointCount(start, cel.length());
    return cel.offsetByCodePoints(start, Math.max(0, Math.min(column, rest)));
  }
}
