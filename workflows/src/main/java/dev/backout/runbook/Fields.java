package dev.backout.runbook;

import dev.backout.runbook.YamlNode.Mapping;
import dev.backout.runbook.YamlNode.Pair;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an object of the file says, key by key. What could not be read is not there. */
public final class Fields {
  private final Mapping node;
  private final Map<String, Object> values;
  private final Reading reading;

  Fields(Mapping node, Map<String, Object> values, Reading reading) {
    this.node = node;
    this.values = values;
    this.reading = reading;
  }

  @SuppressWarnings("unchecked") // a key's value was read by the key's own type
  public <T> @Nullable T get(Key<T> key) {
    return (T) values.get(key.name());
  }

  public <T> T get(Key<T> key, T otherwise) {
    T value = get(key);
    return value == null ? otherwise : value;
  }

  /** Whether the file has the key, readable or not. */
  boolean says(Key<?> key) {
    return pair(key).isPresent();
  }

  /** Where the key itself stands; the object's head where it doesn't. */
  public SourceRange keyRange(Key<?> key) {
    return pair(key).map(pair -> reading.range(pair.key())).orElseGet(this::head);
  }

  public SourceRange range() {
    return reading.range(node);
  }

  /** The first key, which is where a person looks for what is missing. */
  public SourceRange head() {
    return head(node, reading);
  }

  public Diagnostics diagnostics() {
    return reading.diagnostics();
  }

  static SourceRange head(Mapping node, Reading reading) {
    return node.pairs().isEmpty() ? reading.range(node) : reading.range(node.pairs().get(0).key());
  }

  private Optional<Pair> pair(Key<?> key) {
    return node.pairs().stream().filter(pair -> pair.key().text().equals(key.name())).findFirst();
  }
}
