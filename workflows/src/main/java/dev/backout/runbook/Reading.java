package dev.backout.runbook;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Type} needs to read a node.
 *
 * @param field the key that is being read, for messages
 */
record Reading(SourceText source, Diagnostics diagnostics, String field) {

  Reading of(String key) {
    return new Reading(source, diagnostics, key);
  }

  SourceRange range(YamlNode node) {
    return source.range(node.from(), node.to());
  }

  void error(YamlNode node, String code, String message, @Nullable String hint) {
    diagnostics.error(range(node), code, message, hint);
  }

  /** The node is not of the type that {@code wanted} describes. */
  void wrongType(YamlNode node, String wanted, @Nullable String hint) {
    if (node instanceof YamlNode.Broken) {
      return;
    }
    error(
        node,
        "wrong-type",
        "`" + field + "` must be " + wanted + ", not " + Shown.node(node),
        hint);
  }
}
