package dev.backout.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A decision at a checkpoint, which one may comment on. */
abstract class CheckpointCommand extends DecisionCommand {
  @Parameters(
      index = "1",
      paramLabel = "CHECKPOINT",
      arity = "0..1",
      description = "As status names it. May be left out where only one waits.")
  @Nullable String step;

  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      description = "What you have to say about it, for the record.")
  @Nullable String comment;

  int decide(String choice) {
    return decide(run, step, choice, comment);
  }
}
