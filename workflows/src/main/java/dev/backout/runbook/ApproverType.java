package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

record ApproverType() implements Type<Located<Approver>> {
  private static final NameType FORM =
      NameType.of(
          "a group or a user, such as `group:oncall` or `user:ada`",
          "^(group|user):[A-Za-z0-9][A-Za-z0-9._@+-]*$");

  @Override
  public @Nullable Located<Approver> read(YamlNode node, Reading reading) {
    Located<String> said = FORM.read(node, reading);
    if (said == null) {
      return null;
    }
    int colon = said.value().indexOf(':');
    Approver.Type type =
        said.value().startsWith("group") ? Approver.Type.GROUP : Approver.Type.USER;
    return new Located<>(new Approver(type, said.value().substring(colon + 1)), said.range());
  }

  @Override
  public String label() {
    return FORM.label();
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return FORM.schema(definitions);
  }
}
