package dev.backout.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** Every action that a runbook may use, by name. */
public record ActionCatalog(Map<String, ActionSpec> actions) {

  /**
   * Reads the catalog document that the actions' side writes.
   *
   * @throws IOException if it can't be read, or is no such document
   */
  public static ActionCatalog read(InputStream json) throws IOException {
    return CatalogReader.read(json);
  }

  public Optional<ActionSpec> find(String name) {
    return Optional.ofNullable(actions.get(name));
  }
}
