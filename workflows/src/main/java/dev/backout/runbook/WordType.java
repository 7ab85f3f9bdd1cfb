package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Scalar;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One of some words, in the order in which people are told of them. */
public record WordType<E>(Map<String, E> words) implements Type<Located<E>> {

  @Override
  public @Nullable Located<E> read(YamlNode node, Reading reading) {
    Scalar scalar = TextType.scalar(node, label(), reading);
    if (scalar == null) {
      return null;
    }
    E meant = words.get(scalar.text());
    if (meant != null) {
      return new Located<>(meant, reading.range(node));
    }
    reading.error(
        node,
        "unknown-word",
        "`" + reading.field() + "` must be " + label() + ", not " + Shown.node(node),
        Suggestion.nearest(scalar.text(), words.keySet())
            .map(word -> "Did you mean `" + word + "`?")
            .orElse(null));
    return null;
  }

  @Override
  public String label() {
    String all =
        words.keySet().stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
    return words.size() == 1 ? all : "one of " + all;
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    ObjectNode schema = SchemaDefinitions.object();
    if (words.size() == 1) {
      return schema.put("const", words.keySet().iterator().next());
    }
    ArrayNode allowed = schema.putArray("enum");
    words.keySet().forEach(allowed::add);
    return schema;
  }
}
