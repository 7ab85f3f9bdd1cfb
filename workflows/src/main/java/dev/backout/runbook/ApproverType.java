package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group or a user, in a word, or as an object that also says how many of the group are needed.
 *
 * @param counted whether the object is allowed
 */
record ApproverType(boolean counted) implements Type<Located<Approver>> {
  private static final String WORD = "[A-Za-z0-9][A-Za-z0-9._@+-]*";
  private static final NameType FORM =
      NameType.of(
          "a group or a user, such as `group:oncall` or `user:ada`", "^(group|user):" + WORD + "$");

  private static final Key<Located<String>> GROUP =
      Key.<Located<String>>required(
              "group",
              NameType.of("the name of a group", "^" + WORD + "$"),
              "The group, as the worker's policy names it.")
          .elsewhere("team");
  private static final Key<Located<Integer>> QUORUM =
      Key.<Located<Integer>>required(
              "quorum",
              new IntegerType(1, 100),
              "How many different people of this group must approve. Somebody who is in two groups"
                  + " stands for one of them.")
          .elsewhere("count", "minimum");

  private static final ObjectType<Located<Approver>> COUNTED =
      ObjectType.of(
          "approver",
          "an approver",
          "So many people of a group.",
          List.of(GROUP, QUORUM),
          ApproverType::counted);

  private static @Nullable Located<Approver> counted(Fields fields) {
    Located<String> group = fields.get(GROUP);
    Located<Integer> quorum = fields.get(QUORUM);
    return group == null || quorum == null
        ? null
        : new Located<>(
            new Approver(Approver.Type.GROUP, group.value(), quorum.value()), fields.head());
  }

  @Override
  public @Nullable Located<Approver> read(YamlNode node, Reading reading) {
    if (counted && node instanceof YamlNode.Mapping) {
      return COUNTED.read(node, reading);
    }
    Located<String> said = FORM.read(node, reading);
    if (said == null) {
      return null;
    }
    int colon = said.value().indexOf(':');
    Approver.Type type =
        said.value().startsWith("group") ? Approver.Type.GROUP : Approver.Type.USER;
    return new Located<>(new Approver(type, said.value().substring(colon + 1), null), said.range());
  }

  @Override
  public String label() {
    return FORM.label();
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    if (!counted) {
      return FORM.schema(definitions);
    }
    ObjectNode either = SchemaDefinitions.object();
    either.putArray("anyOf").add(FORM.schema(definitions)).add(COUNTED.schema(definitions));
    return either;
  }

  @Override
  public List<ObjectType<?>> objects() {
    return counted ? List.of(COUNTED) : List.of();
  }
}
