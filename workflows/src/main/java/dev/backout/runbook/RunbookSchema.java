package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.catalog.ActionCatalog;

/** The language as a JSON Schema, for editors. It comes from what the parser reads by. */
public final class RunbookSchema {
  private RunbookSchema() {}

  /**
   * Draft 2020-12. With an empty catalog every well-formed action name is allowed, with any input.
   */
  public static ObjectNode generate(ActionCatalog catalog) {
    SchemaDefinitions definitions = new SchemaDefinitions();
    new ActionSchema(catalog, definitions).define();
    return RunbookLanguage.of(new SourceText("", "")).schema(definitions);
  }
}
