package dev.backout.cli;

import picocli.CommandLine.Option;

/** What every command understands. */
final class GlobalOptions {
  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "auto, always or never. auto: on a terminal, unless NO_COLOR is set. Default: auto.")
  ColourMode colour = ColourMode.AUTO;

  @Option(names = "--debug", description = "Show the stack trace of an error.")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this page.")
  boolean help;
}
