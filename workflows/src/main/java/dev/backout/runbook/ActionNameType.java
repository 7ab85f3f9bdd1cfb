package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The name of an action; which there are is for the schema to list and for the plan to check.
 *
 * @param readOnly whether only one that changes nothing will do
 */
record ActionNameType(boolean readOnly) implements Type<Located<String>> {
  static final String ANY = "actionName";
  static final String READ_ONLY = "readOnlyActionName";

  @Override
  public @Nullable Located<String> read(YamlNode node, Reading reading) {
    return Names.ACTION.read(node, reading);
  }

  @Override
  public String label() {
    return readOnly ? "a read-only action's name, such as `sqlite.verify`" : Names.ACTION.label();
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return definitions.reference(
        readOnly ? READ_ONLY : ANY, () -> Names.ACTION.schema(definitions));
  }
}
