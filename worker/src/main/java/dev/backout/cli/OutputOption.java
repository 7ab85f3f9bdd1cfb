package dev.backout.cli;

import picocli.CommandLine.Option;

/** {@code -o}. */
final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text, json or yaml. Default: text.")
  OutputFormat format = OutputFormat.TEXT;

  boolean isText() {
    return format == OutputFormat.TEXT;
  }
}
