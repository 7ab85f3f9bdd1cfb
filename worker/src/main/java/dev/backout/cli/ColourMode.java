package dev.backout.cli;

/** When to use colour; on the command line in lower case. */
enum ColourMode {
  AUTO,
  ALWAYS,
  NEVER
}
