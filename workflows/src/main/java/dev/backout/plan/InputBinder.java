package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ValueType;
import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Input;
import dev.backout.runbook.Runbook;
import dev.backout.runbook.SourceRange;
import dev.backout.runbook.Suggestion;
import dev.backout.runbook.expression.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives every input of a runbook its value: what was given, or its default. */
final class InputBinder {
  private static final Names NONE = Names.of(new ValueType.Struct(Map.of()));

  private final Runbook runbook;
  private final Diagnostics diagnostics;

  /** What was given and is wrong: it stands in no runbook, so it is said of where it came from. */
  private final List<Diagnostic> elsewhere = new ArrayList<>();

  InputBinder(Runbook runbook, Diagnostics diagnostics) {
    this.runbook = runbook;
    this.diagnostics = diagnostics;
  }

  /** What expressions see of the inputs. One without a value and default may be absent. */
  static ValueType.Struct types(Runbook runbook) {
    Map<String, ValueType.Field> fields = new LinkedHashMap<>();
    runbook
        .inputs()
        .forEach(
            (name, input) ->
                fields.put(
                    name,
                    new ValueType.Field(
                        input.type(), "", input.required() || input.defaultValue() != null, null)));
    return new ValueType.Struct(fields);
  }

  Map<String, JsonNode> defaults() {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    runbook.inputs().forEach((name, input) -> defaultOf(input).ifPresent(v -> values.put(name, v)));
    return values;
  }

  Map<String, JsonNode> bind(Map<String, GivenInput> given) {
    given.forEach(this::known);
    Map<String, JsonNode> values = new LinkedHashMap<>();
    runbook.inputs().forEach((name, input) -> bind(name, input, given, values));
    return values;
  }

  List<Diagnostic> elsewhere() {
    return elsewhere;
  }

  private void bind(
      String name, Input input, Map<String, GivenInput> given, Map<String, JsonNode> values) {
    GivenInput value = given.get(name);
    if (value != null) {
      values.put(name, read(input, value));
      return;
    }
    Optional<JsonNode> defaultValue = defaultOf(input);
    if (defaultValue.isPresent()) {
      values.put(name, defaultValue.get());
    } else if (input.required()) {
      diagnostics.error(
          input.name().range(),
          "missing-input",
          "The input `" + name + "` has no value",
          "Give it: `--input " + name + "=…`");
    }
  }

  private void known(String name, GivenInput value) {
    if (!runbook.inputs().containsKey(name)) {
      Diagnostics at = new Diagnostics(value.source());
      at.error(
          SourceRange.START,
          "unknown-input",
          "The runbook `" + runbook.name().value() + "` has no input `" + name + "`",
          Suggestion.nearest(name, runbook.inputs().keySet())
              .map(word -> "Did you mean `" + word + "`?")
              .orElse(
                  runbook.inputs().isEmpty()
                      ? "It has none"
                      : "It has `" + String.join("`, `", runbook.inputs().keySet()) + "`"));
      elsewhere.addAll(at.sorted());
    }
  }

  private JsonNode read(Input input, GivenInput given) {
    Diagnostics at = new Diagnostics(given.source());
    JsonNode value =
        given.written() ? WrittenInput.read(given.value().asText(), input.type()) : given.value();
    if (input.secret() && !(value.isTextual() && value.textValue().startsWith("secret:"))) {
      at.error(
          SourceRange.START,
          "not-a-secret-reference",
          "The input `"
              + input.name().value()
              + "` takes only a reference to a secret, and was given something else",
          "Write `secret:NAME`; the worker finds the value under that name");
    } else {
      value =
          ValueCompiler.ofValues(at).value(JsonValues.toValue(value), input.type(), false, NONE);
    }
    elsewhere.addAll(at.sorted());
    return value;
  }

  /** The file's own reader has checked it. */
  private Optional<JsonNode> defaultOf(Input input) {
    if (input.defaultValue() == null) {
      return Optional.empty();
    }
    Diagnostics checkedBefore = new Diagnostics(runbook.source().file());
    return Optional.of(
        ValueCompiler.ofValues(checkedBefore)
            .value(input.defaultValue(), input.type(), false, NONE));
  }
}
