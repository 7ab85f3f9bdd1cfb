package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A YAML language: the reader, the JSON Schema and the reference page of a kind of file all come
 * from its root object.
 *
 * @param noun what a file of it is called: {@code runbook}, {@code policy}
 */
public record Language<T>(String noun, ObjectType<T> root) {

  /**
   * What came of a text.
   *
   * @param value empty only when nothing could be read; with errors it is good for finding more of
   *     them
   * @param diagnostics in the order of the file
   */
  public record Read<T>(Optional<T> value, List<Diagnostic> diagnostics) {

    public boolean hasErrors() {
      return diagnostics.stream().anyMatch(Diagnostic::isError);
    }
  }

  /** Never throws for what the text says: every problem is a diagnostic. */
  public Read<T> read(SourceText source) {
    Diagnostics diagnostics = new Diagnostics(source.file());
    Optional<T> value = read(source, diagnostics);
    return new Read<>(value, diagnostics.sorted());
  }

  Optional<T> read(SourceText source, Diagnostics diagnostics) {
    return SourceCheck.isReadable(source, diagnostics)
        ? YamlReader.read(source, diagnostics, noun)
            .flatMap(node -> Optional.ofNullable(value(node, source, diagnostics)))
        : Optional.empty();
  }

  private @Nullable T value(YamlNode node, SourceText source, Diagnostics diagnostics) {
    Reading reading = new Reading(source, diagnostics, noun);
    if (node instanceof YamlNode.Mapping) {
      return root.read(node, reading);
    }
    reading.error(
        node,
        "not-a-" + noun,
        "A "
            + noun
            + " is an object with keys such as `apiVersion`, and this is "
            + Shown.node(node),
        null);
    return null;
  }

  /** Draft 2020-12. */
  public ObjectNode schema() {
    return schema(new SchemaDefinitions());
  }

  ObjectNode schema(SchemaDefinitions definitions) {
    ObjectNode object = root.definition(definitions);
    ObjectNode schema = SchemaDefinitions.object();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Backout " + noun);
    schema.setAll(object);
    schema.set("$defs", definitions.all());
    return schema;
  }
}
