package dev.backout.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who says that they are doing this. */
final class PersonOption {
  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Who you are, for the record. Default: $BACKOUT_USER, else your login.")
  @Nullable String given;

  String name(BackoutCommand command) {
    return given == null || given.isBlank() ? command.around().person() : given;
  }
}
