package dev.backout.cli;

import dev.backout.policy.Answer;
import dev.backout.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** May somebody do something? */
final class PolicyQuestion {
  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Of whom it is asked, as the allowed signers name them.")
  @Nullable String who;

  @Option(
      names = "--unsigned",
      description = "Ask it of a bare name. Default: of a name that a signature proves.")
  boolean unsigned;

  @Option(
      names = "--start",
      paramLabel = "KIND",
      description =
          "May they start such a runbook on --target? emergency, planned, kill-switch or"
              + " validation.")
  @Nullable String start;

  @Option(
      names = "--choice",
      paramLabel = "WORD",
      description =
          "May they decide so in a run of --kind on --target? approve, reject, retry, skip, undo,"
              + " stop, settle or tick.")
  @Nullable String choice;

  @Option(names = "--kind", paramLabel = "KIND", description = "For --choice: the runbook's kind.")
  @Nullable String kind;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "For --start and --choice: the target.")
  @Nullable String target;

  @Option(
      names = "--action",
      paramLabel = "NAME",
      description = "May this worker carry out that action, whoever asks?")
  @Nullable String action;

  void check(BackoutCommand command) {
    long asked = Stream.of(start, choice, action).filter(each -> each != null).count();
    if (asked > 1) {
      throw command.usage("Ask one thing at a time: --start, --choice or --action.");
    }
    if (start != null && (who == null || target == null)) {
      throw command.usage("--start wants to know of whom and on what: give --as and --target.");
    }
    if (choice != null && (who == null || kind == null || target == null)) {
      throw command.usage(
          "--choice wants to know of whom and in which run: give --as, --kind and --target.");
    }
    if (asked == 0 && (who != null || kind != null || target != null || unsigned)) {
      throw command.usage("Say what they want to do: give --start, --choice or --action.");
    }
    known(start, "--start", Policy.kinds(), command);
    known(kind, "--kind", Policy.kinds(), command);
    known(choice, "--choice", Policy.choices(), command);
  }

  private static void known(
      @Nullable String word, String option, List<String> words, BackoutCommand command) {
    if (word != null && !words.contains(word)) {
      throw command.usage(option + " is " + String.join(", ", words) + "; not " + word + ".");
    }
  }

  /** Empty if nothing is asked. */
  Optional<Answer> answer(Policy policy) {
    if (start != null && target != null) {
      return Optional.of(policy.judgeStart(who, !unsigned, start, target));
    }
    if (choice != null && kind != null && target != null) {
      return Optional.of(policy.judgeChoice(who, !unsigned, choice, kind, target));
    }
    return action == null ? Optional.empty() : Optional.of(act(policy, action));
  }

  private static Answer act(Policy policy, String action) {
    return policy
        .refusesAct(action)
        .map(why -> new Answer(false, why, null))
        .orElseGet(() -> new Answer(true, "This worker may carry out `" + action + "`.", null));
  }
}
