package dev.backout.cli;

/** In which form a result is printed; on the command line in lower case. */
enum OutputFormat {
  TEXT,
  JSON,
  YAML
}
