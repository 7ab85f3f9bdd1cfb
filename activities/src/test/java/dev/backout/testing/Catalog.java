package dev.backout.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionRegistry;
import dev.backout.action.ActionRunner;
import java.io.IOException;

/** Runs actions as a worker does: by name, from JSON, with the defaults of the catalog. */
public final class Catalog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ActionRunner RUNNER =
      new ActionRunner(ActionRegistry.load(), (call, action, repeatable) -> outcome -> {});

  private Catalog() {}

  /**
   * Runs one.
   *
   * @param input JSON; a {@code '} stands for a {@code "}
   */
  public static JsonNode run(String action, String input, ActionContext context)
      throws ActionException, IOException {
    return RUNNER.run(action, JSON.readTree(input.replace('\'', '"')), context);
  }

  /** Previews one. */
  public static JsonNode preview(String action, String input, ActionContext context)
      throws ActionException, IOException {
    return RUNNER.preview(action, JSON.readTree(input.replace('\'', '"')), context);
  }
}
