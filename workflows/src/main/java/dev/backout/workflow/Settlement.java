package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's journal says of an attempt in doubt.
 *
 * @param outputs of one that is done; null where they were too big to be noted
 * @param said what was found, as a sentence; of one that failed, why
 */
public record Settlement(Answer answer, @Nullable JsonNode outputs, String said) {

  public enum Answer {
    DONE,
    FAILED,
    /** There is no note of it where there would be one, and it can't begin any more. */
    NOT_BEGUN,
    /** It began and goes on: the process that carries it out is alive. */
    UNDER_WAY,
    /** It began and didn't come to its end, and nobody carries it out any more. */
    BROKEN_OFF,
    /** This journal can't say. */
    UNKNOWN
  }
}
