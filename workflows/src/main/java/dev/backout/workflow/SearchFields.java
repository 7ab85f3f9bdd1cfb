package dev.backout.workflow;

import dev.backout.plan.ExecutionPlan;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import java.util.List;
import java.util.stream.Stream;

/** The search attributes of a run, all of them keywords. */
public final class SearchFields {
  public static final SearchAttributeKey<String> RUNBOOK =
      SearchAttributeKey.forKeyword("BackoutRunbook");
  public static final SearchAttributeKey<String> KIND =
      SearchAttributeKey.forKeyword("BackoutKind");
  public static final SearchAttributeKey<String> TARGET =
      SearchAttributeKey.forKeyword("BackoutTarget");
  public static final SearchAttributeKey<String> PLAN_DIGEST =
      SearchAttributeKey.forKeyword("BackoutPlanDigest");

  /** {@code running}, {@code waiting}, then how it ended, as in the status. */
  public static final SearchAttributeKey<String> OUTCOME =
      SearchAttributeKey.forKeyword("BackoutOutcome");

  /** What a namespace must have for a run to be told of them. */
  public static final List<String> NAMES =
      Stream.of(RUNBOOK, KIND, TARGET, PLAN_DIGEST, OUTCOME)
          .map(SearchAttributeKey::getName)
          .toList();

  private SearchFields() {}

  static SearchAttributes of(ExecutionPlan plan) {
    return SearchAttributes.newBuilder()
        .set(RUNBOOK, plan.runbook())
        .set(KIND, plan.kind())
        .set(TARGET, plan.target())
        .set(PLAN_DIGEST, plan.digest())
        .set(OUTCOME, "running")
        .build();
  }
}
