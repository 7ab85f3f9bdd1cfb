package dev.backout.plan;

import java.time.Duration;

/** What a step gets where the runbook says nothing. */
public final class Defaults {
  /** The longest that one attempt of an action may take. */
  public static final Duration ACTION_TIMEOUT = Duration.ofMinutes(10);

  /** How long a checkpoint waits before it escalates or stops the run. */
  public static final Duration CHECKPOINT_TIMEOUT = Duration.ofHours(1);

  /** How long a person has for what they do by hand. */
  public static final Duration MANUAL_TIMEOUT = Duration.ofHours(4);

  /** How long a {@code wait} goes on asking. */
  public static final Duration WAIT_TIMEOUT = Duration.ofMinutes(10);

  public static final Duration WAIT_INTERVAL = Duration.ofSeconds(2);

  /** For steps that consist of others, which have their own. */
  public static final Duration GROUP_TIMEOUT = Duration.ofHours(24);

  /** Executions in all of an action that is safe to repeat; others are tried once. */
  public static final int ATTEMPTS = 3;

  /** The wait before the second attempt; it doubles. */
  public static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  /** Runbooks in runbooks: the first counts as one. */
  static final int DEEPEST = 8;

  private Defaults() {}
}
