package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one step would do.
 *
 * @param path as in the run's status
 * @param name rendered as far as it can be
 * @param kind {@code uses}, {@code checkpoint}, {@code parallel}, …
 * @param action the action's name for {@code uses} and {@code wait}, else null
 * @param summary one sentence
 * @param changes false when everything is already as wanted, or nothing is changed by the step
 * @param details what a person wants to see of it, in order
 * @param outputs what it would give, as far as that is known; null if it isn't
 * @param dependsOn the steps whose outputs it needs and that have not run: it could not be asked
 * @param problem why it would fail, or why it couldn't be asked; null if all is well
 */
public record StepPreview(
    String path,
    String name,
    String kind,
    @Nullable String action,
    String summary,
    boolean changes,
    List<Detail> details,
    @Nullable JsonNode outputs,
    List<String> dependsOn,
    @Nullable String problem,
    List<StepPreview> children) {

  /** One block of a preview, as the action gave it. */
  public record Detail(Kind kind, String title, List<String> lines) {}

  public enum Kind {
    /** Lines of a unified diff. */
    DIFF,
    /** Tab-separated cells, the first line the header. */
    TABLE,
    NOTE,
    /** Something that would be lost. */
    LOSS,
    /** Why the step would fail, or may. */
    PROBLEM
  }
}
