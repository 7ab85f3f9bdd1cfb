package dev.backout.cli;

/** In which form problems are printed; on the command line in lower case. */
enum LintForm {
  TEXT,
  JSON,
  YAML,
  SARIF,
  GITHUB
}
