package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An action and its input, wherever one may stand. */
final class ActionLanguage {
  /** Where the schema keeps which input belongs to which action. */
  static final String WITH_BY_ACTION = "withByAction";

  static final Key<Located<String>> USES =
      Key.<Located<String>>required(
              "uses", new ActionNameType(false), "The action, such as `sqlite.restore`.")
          .elsewhere("action", "type", "plugin");

  /** Where nothing may be changed. */
  static final Key<Located<String>> READS =
      Key.<Located<String>>required(
              "uses", new ActionNameType(true), "The action; one that changes nothing.")
          .elsewhere("action", "type", "plugin");

  static final Key<Value.Fields> WITH =
      Key.<Value.Fields>optional(
              "with",
              new ValueReader.FieldsReader(),
              "The action's input. Strings in it may hold `${{ … }}`.")
          .elsewhere("args", "params", "parameters", "arguments", "input", "inputs");

  static final Key<List<Expression>> EXPECT =
      Key.<List<Expression>>optional(
              "expect",
              ListType.oneOrMany("an expression or a list of them", new ExpressionType()),
              "What must hold over `outputs`: CEL, or a list of it.")
          .elsewhere("assert", "until", "check");

  static final ObjectType<ActionCall> UNDO =
      new ObjectType<>(
          "undo",
          "an `undo`",
          "An action that takes a step back. It is noted before the step begins and run in reverse"
              + " order.",
          List.of(USES, WITH),
          fields -> call(fields, USES),
          ActionLanguage::completeWith);

  static final ObjectType<Step.Probe> PROBE =
      new ObjectType<>(
          "probe",
          "a `probe`",
          "A read-only action that tells whether a step has happened, asked when that is in doubt.",
          List.of(READS, WITH, EXPECT),
          fields -> new Step.Probe(call(fields, READS), fields.get(EXPECT, List.of())),
          ActionLanguage::completeWith);

  private ActionLanguage() {}

  /** The call that an object says; with an empty action where that could not be read. */
  static ActionCall call(Fields fields, Key<Located<String>> uses) {
    Located<String> action = fields.get(uses, new Located<>("", fields.head()));
    return new ActionCall(action, with(fields), fields.range());
  }

  static Value.Fields with(Fields fields) {
    Value.@Nullable Fields with = fields.get(WITH);
    return with == null ? new Value.Fields(List.of(), fields.head()) : with;
  }

  static void completeWith(ObjectNode schema) {
    schema.withArray("allOf").addObject().put("$ref", "#/$defs/" + WITH_BY_ACTION);
  }
}
