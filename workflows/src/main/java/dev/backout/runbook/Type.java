package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A type of the language: how it is read, what people and editors are told of it. The parser, the
 * JSON Schema and the reference page all come from here. Other packages put languages together from
 * the types that there are; how a node is read is this package's business.
 */
public interface Type<T> {

  /** Null when it could not be read, which has then been reported. */
  @Nullable T read(YamlNode node, Reading reading);

  /** With its article, to stand behind "must be". */
  String label();

  ObjectNode schema(SchemaDefinitions definitions);

  /** The objects it is made of, for the reference page. */
  default List<ObjectType<?>> objects() {
    return List.of();
  }

  default <R> Type<R> map(Function<T, R> change) {
    return new MappedType<>(this, change);
  }

  /** The same on paper, another value in the model. */
  record MappedType<T, R>(Type<T> type, Function<T, R> change) implements Type<R> {
    @Override
    public @Nullable R read(YamlNode node, Reading reading) {
      T value = type.read(node, reading);
      return value == null ? null : change.apply(value);
    }

    @Override
    public String label() {
      return type.label();
    }

    @Override
    public ObjectNode schema(SchemaDefinitions definitions) {
      return type.schema(definitions);
    }

    @Override
    public List<ObjectType<?>> objects() {
      return type.objects();
    }
  }
}
