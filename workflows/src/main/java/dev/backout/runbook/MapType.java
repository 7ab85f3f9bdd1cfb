package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Mapping;
import dev.backout.runbook.YamlNode.Pair;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * An object whose keys are names that the author chooses.
 *
 * @param name what a key must look like
 * @param build from a name and its value to what the model holds
 */
public record MapType<V, T>(
    String label, NameType name, Type<V> value, BiFunction<Located<String>, V, T> build)
    implements Type<Map<String, T>> {

  @Override
  public @Nullable Map<String, T> read(YamlNode node, Reading reading) {
    if (!(node instanceof Mapping mapping)) {
      reading.wrongType(node, label, null);
      return null;
    }
    Map<String, T> read = new LinkedHashMap<>();
    for (Pair pair : mapping.pairs()) {
      Located<String> key =
          name.check(pair.key(), reading.of(reading.field() + "." + Shown.word(pair.key().text())));
      V content = value.read(pair.value(), reading.of(Shown.word(pair.key().text())));
      if (key != null && content != null) {
        read.put(key.value(), build.apply(key, content));
      }
    }
    return Collections.unmodifiableMap(read);
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    ObjectNode schema = SchemaDefinitions.object().put("type", "object");
    schema.set("propertyNames", name.schema(definitions));
    schema.set("additionalProperties", value.schema(definitions));
    return schema;
  }

  @Override
  public List<ObjectType<?>> objects() {
    return value.objects();
  }
}
