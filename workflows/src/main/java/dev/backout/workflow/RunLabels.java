package dev.backout.workflow;

import java.util.List;

/**
 * What a run is labelled with, so that it is recognised without reading its history. Memo keys work
 * on every server; search attributes (all of type Keyword) only where the namespace has them.
 */
public final class RunLabels {
  /** Prefix of a run's workflow id; the rest is the target. */
  public static final String WORKFLOW_ID_PREFIX = "backout/";

  public static final String RUNBOOK = "runbook";
  public static final String KIND = "kind";
  public static final String TARGET = "target";
  public static final String PLAN_DIGEST = "planDigest";
  public static final String STARTED_BY = "startedBy";

  /** The name of a {@code RunState}; there once the run has ended. */
  public static final String OUTCOME = "outcome";

  public static final String SEARCH_RUNBOOK = "BackoutRunbook";
  public static final String SEARCH_KIND = "BackoutKind";
  public static final String SEARCH_TARGET = "BackoutTarget";
  public static final String SEARCH_PLAN_DIGEST = "BackoutPlanDigest";
  public static final String SEARCH_OUTCOME = "BackoutOutcome";

  public static final List<String> SEARCH_ATTRIBUTES =
      List.of(SEARCH_RUNBOOK, SEARCH_KIND, SEARCH_TARGET, SEARCH_PLAN_DIGEST, SEARCH_OUTCOME);

  private RunLabels() {}
}
