package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A list, as a rule with at least one element; one that can't be read is left out, so that the
 * others are checked.
 *
 * @param element asked for when it is needed, because steps hold steps
 * @param oneWillDo whether a single element may stand without a list around it
 */
public record ListType<T>(
    String label, Supplier<Type<T>> element, boolean oneWillDo, boolean mayBeEmpty)
    implements Type<List<T>> {

  public static <T> ListType<T> of(String label, Type<T> element) {
    return new ListType<>(label, () -> element, false, false);
  }

  public static <T> ListType<T> oneOrMany(String label, Type<T> element) {
    return new ListType<>(label, () -> element, true, false);
  }

  public static <T> ListType<T> possiblyEmpty(String label, Type<T> element) {
    return new ListType<>(label, () -> element, false, true);
  }

  @Override
  public @Nullable List<T> read(YamlNode node, Reading reading) {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      return oneWillDo ? one(node, reading) : none(node, reading);
    }
    if (sequence.items().isEmpty() && !mayBeEmpty) {
      reading.error(node, "empty-list", "`" + reading.field() + "` is an empty list", null);
      return null;
    }
    List<T> read = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      Reading inside = reading.of(reading.field() + "[" + i + "]");
      T element = element().get().read(sequence.items().get(i), inside);
      if (element != null) {
        read.add(element);
      }
    }
    return List.copyOf(read);
  }

  private @Nullable List<T> one(YamlNode node, Reading reading) {
    T element = element().get().read(node, reading);
    return element == null ? null : List.of(element);
  }

  private @Nullable List<T> none(YamlNode node, Reading reading) {
    reading.wrongType(
        node, label, node instanceof YamlNode.Mapping ? "Begin each element with `- `" : null);
    return null;
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    ObjectNode list = SchemaDefinitions.object().put("type", "array");
    if (!mayBeEmpty) {
      list.put("minItems", 1);
    }
    list.set("items", element.get().schema(definitions));
    if (!oneWillDo) {
      return list;
    }
    ObjectNode either = SchemaDefinitions.object();
    either.putArray("anyOf").add(element.get().schema(definitions)).add(list);
    return either;
  }

  @Override
  public List<ObjectType<?>> objects() {
    return element.get().objects();
  }
}
