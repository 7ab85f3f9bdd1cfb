package dev.backout.action.compose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;

/** What Docker says in JSON. */
final class DockerJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private DockerJson() {}

  /**
   * @param what was asked, for people
   */
  static JsonNode read(String json, String what) throws ActionException {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      // The text itself may hold secrets.
      throw new ActionException(
          Kind.PERMANENT,
          "What Docker says of "
              + what
              + " is not the JSON that was expected (line "
              + e.getLocation().getLineNr()
              + "). Backout knows Docker 20.10 and Compose 2 or newer: see `docker compose version`.",
          e);
    }
  }
}
