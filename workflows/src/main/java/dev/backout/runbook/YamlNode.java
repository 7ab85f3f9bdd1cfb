package dev.backout.runbook;

import java.util.List;

/**
 * YAML as it stands in the file. Offsets are {@code char} indexes into the source text, {@code to}
 * just behind the last character.
 */
sealed interface YamlNode {

  int from();

  int to();

  /**
   * @param text the value after YAML's own escapes and folding
   */
  record Scalar(String text, ScalarKind kind, ScalarForm form, int from, int to)
      implements YamlNode {}

  record Sequence(List<YamlNode> items, int from, int to) implements YamlNode {}

  record Mapping(List<Pair> pairs, int from, int to) implements YamlNode {}

  /** Could not be read, which has been said. */
  record Broken(int from, int to) implements YamlNode {}

  record Pair(Scalar key, YamlNode value) {}

  /** What YAML 1.2's core schema takes a scalar for. */
  enum ScalarKind {
    TEXT,
    BOOLEAN,
    INTEGER,
    NUMBER,
    NULL
  }

  enum ScalarForm {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    BLOCK
  }
}
