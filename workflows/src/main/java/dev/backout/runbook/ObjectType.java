package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Mapping;
import dev.backout.runbook.YamlNode.Pair;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An object with known keys.
 *
 * @param name of its definition in the schema and its section on the reference page
 * @param label with its article
 * @param description Markdown for the reference page
 * @param build makes the model from what could be read; reports what the keys can't say one by one
 * @param refine what the schema must say besides the keys
 */
public record ObjectType<T>(
    String name,
    String label,
    String description,
    List<Key<?>> keys,
    Function<Fields, T> build,
    Consumer<ObjectNode> refine)
    implements Type<T> {

  public static <T> ObjectType<T> of(
      String name, String label, String description, List<Key<?>> keys, Function<Fields, T> build) {
    return new ObjectType<>(name, label, description, keys, build, schema -> {});
  }

  @Override
  public @Nullable T read(YamlNode node, Reading reading) {
    if (!(node instanceof Mapping mapping)) {
      reading.wrongType(node, "an object with keys such as `" + keys.get(0).name() + "`", null);
      return null;
    }
    Map<String, Object> values = new HashMap<>();
    Set<String> said = new HashSet<>();
    for (Pair pair : mapping.pairs()) {
      Optional<Key<?>> key = key(pair.key().text());
      if (key.isEmpty()) {
        unknown(pair, reading).ifPresent(said::add);
        continue;
      }
      said.add(key.get().name());
      Object value = key.get().type().read(pair.value(), reading.of(key.get().name()));
      if (value != null) {
        values.put(key.get().name(), value);
      }
    }
    keys.stream()
        .filter(key -> key.required() && !said.contains(key.name()))
        .forEach(key -> missing(key, mapping, reading));
    return build.apply(new Fields(mapping, values, reading));
  }

  private Optional<Key<?>> key(String text) {
    return keys.stream().filter(key -> key.name().equals(text)).findFirst();
  }

  /** Gives the key that was meant, so that it isn't reported as missing too. */
  private Optional<String> unknown(Pair pair, Reading reading) {
    String typed = pair.key().text();
    Optional<String> meant = meant(typed);
    reading.error(
        pair.key(),
        "unknown-key",
        "`" + Shown.word(typed) + "` is not a key of " + label,
        typed.equals("<<")
            ? "YAML 1.2 has no merge keys: write the keys out"
            : meant
                .map(name -> "Did you mean `" + name + "`?")
                .or(() -> inside(typed))
                .orElseGet(() -> allowed() + splitText(typed)));
    return meant;
  }

  /** A key that is one level too far out. */
  private Optional<String> inside(String typed) {
    return keys.stream()
        .filter(key -> key.type() instanceof ObjectType<?> inner && inner.key(typed).isPresent())
        .findFirst()
        .map(key -> "It belongs inside `" + key.name() + "`");
  }

  private Optional<String> meant(String typed) {
    return keys.stream()
        .filter(key -> key.otherTongues().contains(typed))
        .map(Key::name)
        .findFirst()
        .or(() -> Suggestion.nearest(typed, keys.stream().map(Key::name).toList()));
  }

  /** What stands behind a comma in the text of an object on one line. */
  private static String splitText(String typed) {
    return typed.contains(" ")
        ? ". A text with a comma in it needs quotes where it stands in `{ … }`"
        : "";
  }

  private String allowed() {
    return "It may have: " + keys.stream().map(Key::name).collect(Collectors.joining(", "));
  }

  private void missing(Key<?> key, Mapping node, Reading reading) {
    reading
        .diagnostics()
        .error(
            Fields.head(node, reading),
            "missing-key",
            "`" + key.name() + "` is missing: " + label + " needs it",
            "Add `" + key.name() + ":` with " + key.type().label());
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return definitions.reference(name, () -> definition(definitions));
  }

  ObjectNode definition(SchemaDefinitions definitions) {
    ObjectNode schema = SchemaDefinitions.object();
    schema.put("description", description).put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (Key<?> key : keys) {
      ObjectNode property = key.type().schema(definitions);
      property.put("description", key.description());
      properties.set(key.name(), property);
    }
    List<String> needed = keys.stream().filter(Key::required).map(Key::name).toList();
    if (!needed.isEmpty()) {
      ArrayNode required = schema.putArray("required");
      needed.forEach(required::add);
    }
    schema.put("additionalProperties", false);
    refine.accept(schema);
    return schema;
  }

  @Override
  public List<ObjectType<?>> objects() {
    return List.of(this);
  }
}
