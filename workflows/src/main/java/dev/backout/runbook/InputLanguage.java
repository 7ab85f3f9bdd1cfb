package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A runbook's inputs: their types and defaults. */
final class InputLanguage {
  private static final String SECRET = "secret";
  private static final Map<String, ScalarKind> SCALARS = scalars();

  private static final Key<InputType> TYPE =
      Key.optional("type", new TypeOfInput(), "What kind of value it is.").withDefault("string");
  private static final Key<List<Located<String>>> ONE_OF =
      Key.<List<Located<String>>>optional(
              "oneOf",
              ListType.of("a list of words", new TextType()),
              "The only values allowed, for text.")
          .elsewhere("enum", "choices", "options", "values");
  private static final Key<Located<String>> DESCRIPTION =
      Key.optional("description", new TextType(), "What it is for, with its unit.");
  private static final Key<Value> DEFAULT =
      Key.<Value>optional("default", new ValueReader(), "What it is when nobody gives it.")
          .elsewhere("value");
  private static final Key<Located<Boolean>> REQUIRED =
      Key.<Located<Boolean>>optional(
              "required", new BooleanType(), "Whether it must be given; `false` leaves it null.")
          .withDefault("true without a `default`")
          .elsewhere("optional");

  static final ObjectType<Declared> INPUT =
      ObjectType.of(
          "input",
          "an input",
          "A value that is given when the plan is made. Expressions see it as `inputs.NAME`.",
          List.of(TYPE, ONE_OF, DESCRIPTION, DEFAULT, REQUIRED),
          InputLanguage::declared);

  private InputLanguage() {}

  /** An input without its name. */
  record Declared(
      InputType type, @Nullable String description, boolean required, @Nullable Value value) {

    Input named(Located<String> name) {
      return new Input(name, type.type(), type.secret(), description, required, value);
    }
  }

  record InputType(ValueType type, boolean secret) {
    static final InputType ANY = new InputType(new ValueType.Any(), false);
  }

  private static Declared declared(Fields fields) {
    InputType type = type(fields);
    Value value = fields.get(DEFAULT);
    if (value != null) {
      DefaultCheck.check(type.type(), type.secret(), value, fields.diagnostics());
    }
    Located<Boolean> required = fields.get(REQUIRED);
    if (required != null && required.value() && fields.says(DEFAULT)) {
      fields
          .diagnostics()
          .error(
              required.range(),
              "required-with-default",
              "An input with a `default` is never missing, so it can't be `required`",
              "Remove one of the two");
    }
    Located<String> description = fields.get(DESCRIPTION);
    boolean needed = required == null ? !fields.says(DEFAULT) : required.value();
    return new Declared(
        type,
        description == null ? null : description.value(),
        needed && !fields.says(DEFAULT),
        value);
  }

  private static InputType type(Fields fields) {
    InputType type = fields.get(TYPE);
    List<Located<String>> words = fields.get(ONE_OF);
    if (fields.says(ONE_OF)) {
      return words == null ? InputType.ANY : oneOf(words, type, fields);
    }
    if (type != null) {
      return type;
    }
    return fields.says(TYPE)
        ? InputType.ANY
        : new InputType(new ValueType.Scalar(ScalarKind.STRING), false);
  }

  private static InputType oneOf(
      List<Located<String>> words, @Nullable InputType type, Fields fields) {
    if (type != null && !type.type().equals(new ValueType.Scalar(ScalarKind.STRING))) {
      fields
          .diagnostics()
          .error(
              fields.keyRange(ONE_OF),
              "one-of-needs-text",
              "`oneOf` lists words, and the `type` is another",
              "Remove `type`, or make it `string`");
    }
    return new InputType(
        new ValueType.OneOf(words.stream().map(Located::value).distinct().toList()), false);
  }

  private static Map<String, ScalarKind> scalars() {
    Map<String, ScalarKind> kinds = new LinkedHashMap<>();
    kinds.put("string", ScalarKind.STRING);
    kinds.put("int", ScalarKind.INTEGER);
    kinds.put("number", ScalarKind.NUMBER);
    kinds.put("bool", ScalarKind.BOOLEAN);
    kinds.put("duration", ScalarKind.DURATION);
    kinds.put("size", ScalarKind.SIZE);
    kinds.put("timestamp", ScalarKind.TIMESTAMP);
    kinds.put("path", ScalarKind.PATH);
    kinds.put("url", ScalarKind.URL);
    kinds.put(SECRET, ScalarKind.TEXT_OR_SECRET);
    return kinds;
  }

  /** {@code int}, {@code list<path>}, {@code secret}. */
  private record TypeOfInput() implements Type<InputType> {
    @Override
    public @Nullable InputType read(YamlNode node, Reading reading) {
      YamlNode.Scalar scalar = TextType.scalar(node, label(), reading);
      if (scalar == null) {
        return null;
      }
      Optional<InputType> type = type(scalar.text());
      if (type.isEmpty()) {
        reading.error(
            node,
            "unknown-type",
            Shown.node(node) + " is not a type",
            Suggestion.nearest(scalar.text(), SCALARS.keySet())
                .map(word -> "Did you mean `" + word + "`?")
                .orElse("It may be " + label()));
      }
      return type.orElse(null);
    }

    private static Optional<InputType> type(String text) {
      if (text.startsWith("list<") && text.endsWith(">")) {
        String element = text.substring(5, text.length() - 1).strip();
        return element.equals(SECRET)
            ? Optional.empty()
            : Optional.ofNullable(SCALARS.get(element))
                .map(kind -> new ValueType.ListOf(new ValueType.Scalar(kind)))
                .map(list -> new InputType(list, false));
      }
      return Optional.ofNullable(SCALARS.get(text))
          .map(kind -> new InputType(new ValueType.Scalar(kind), text.equals(SECRET)));
    }

    @Override
    public String label() {
      return SCALARS.keySet().stream()
          .map(word -> "`" + word + "`")
          .collect(Collectors.joining(", ", "", ", or a list such as `list<string>`"));
    }

    @Override
    public ObjectNode schema(SchemaDefinitions definitions) {
      ObjectNode schema = SchemaDefinitions.object();
      var words = schema.putArray("enum");
      SCALARS.keySet().forEach(words::add);
      SCALARS.keySet().stream()
          .filter(word -> !word.equals(SECRET))
          .forEach(word -> words.add("list<" + word + ">"));
      return schema;
    }
  }
}
