package dev.backout.history;

import dev.backout.history.RunStatus.Waiting;
import dev.backout.plan.Digest;
import dev.backout.plan.Json;
import java.util.Map;

/** What somebody is shown who has to decide, as a hash. */
public final class Facts {
  private Facts() {}

  /** {@code sha256:…} of question, quorum and what would be taken back. */
  public static String of(Waiting waiting) {
    return Digest.ofText(
        Json.canonical(
            Map.of(
                "question",
                waiting.question(),
                "quorum",
                waiting.quorum(),
                "quorums",
                waiting.quorums(),
                "undo",
                waiting.undo())));
  }
}
