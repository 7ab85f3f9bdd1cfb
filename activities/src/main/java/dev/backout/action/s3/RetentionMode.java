package dev.backout.action.s3;

/** Who may delete what is retained before its time. */
public enum RetentionMode {
  /** Those who have that right. */
  GOVERNANCE,
  /** Nobody. */
  COMPLIANCE
}
