package dev.backout.catalog;

import java.util.Map;
import java.util.Optional;

/** Every action that a runbook may use, by name. */
public record ActionCatalog(Map<String, ActionSpec> actions) {

  public Optional<ActionSpec> find(String name) {
    return Optional.ofNullable(actions.get(name));
  }
}
