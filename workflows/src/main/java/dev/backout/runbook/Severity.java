package dev.backout.runbook;

/** How bad a problem is. Only an error keeps a runbook from being planned. */
public enum Severity {
  ERROR,
  WARNING
}
