package dev.backout.action.sync;

/** What happens to rows that the target has and the source has no more. */
public enum Deletes {
  /** They stay, and are counted. */
  REPORT,
  /** They are deleted. */
  APPLY,
  /** Nothing is copied if there are any. */
  REFUSE
}
