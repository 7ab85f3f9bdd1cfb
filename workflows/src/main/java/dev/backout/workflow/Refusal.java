package dev.backout.workflow;

import dev.backout.history.Choices;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.StatusFold;
import dev.backout.history.StepPath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a decision can't count: each a sentence that says what waits, and what may be decided. */
final class Refusal {
  private static final Set<String> NEED_A_REASON =
      Set.of(
          Choices.RETRY,
          Choices.SKIP,
          Choices.STOP,
          Choices.STOP_NOW,
          Choices.PAUSE,
          Choices.UNDO,
          Choices.DONE);

  private static final Set<String> OF_THE_RUN =
      Set.of(Choices.STOP, Choices.STOP_NOW, Choices.UNDO, Choices.PAUSE, Choices.CONTINUE);

  private Refusal() {}

  static Optional<String> of(Decision decision, StatusFold run) {
    if (run.status().finishedAt() != null) {
      return Optional.of("The run has ended (" + run.status().outcome() + "): nothing waits.");
    }
    if (isBlank(decision.by())) {
      return Optional.of("A decision needs a name: who decides?");
    }
    if (decision.step().equals(StepPath.RUN)) {
      return ofRun(decision, run);
    }
    Optional<Waiting> waiting = run.waitingAt(decision.step());
    return waiting.isPresent()
        ? ofWaiting(decision, waiting.get())
            .or(() -> DetailsCheck.refusal(decision, waiting.get(), run))
        : Optional.of(nothingWaitsAt(decision.step(), run));
  }

  private static Optional<String> ofRun(Decision decision, StatusFold run) {
    if (decision.choice().equals(Choices.UNDO) && run.isUndoing()) {
      return Optional.of("The run is being taken back already. " + whatWaits(run));
    }
    if (decision.choice().equals(Choices.PAUSE) && run.isPaused()) {
      return Optional.of("The run is paused already. " + whatWaits(run));
    }
    if (decision.choice().equals(Choices.CONTINUE) && !run.isPaused()) {
      return Optional.of("The run is not paused. " + whatWaits(run));
    }
    if (!OF_THE_RUN.contains(decision.choice())) {
      return Optional.of(
          "Of the run as a whole only `stop`, `undo`, `pause` and `continue` can be decided, not `"
              + decision.choice()
              + "`. "
              + whatWaits(run));
    }
    return missingReason(decision);
  }

  private static Optional<String> ofWaiting(Decision decision, Waiting waiting) {
    if (decision.choice().equals(Choices.WITHDRAW)) {
      return hasApproved(decision, waiting)
          ? Optional.empty()
          : Optional.of(
              decision.by().strip() + " has no approval of `" + decision.step() + "` to withdraw.");
    }
    if (!waiting.choices().contains(decision.choice())) {
      return Optional.of(
          "`"
              + decision.step()
              + "` can be decided by "
              + choices(waiting)
              + ", not by `"
              + decision.choice()
              + "`.");
    }
    if (decision.choice().equals(Choices.APPROVE) && hasApproved(decision, waiting)) {
      return Optional.of(
          decision.by().strip()
              + " has already approved `"
              + decision.step()
              + "`, which needs "
              + waiting.quorum()
              + " different people: "
              + Math.max(1, waiting.quorum() - waiting.decided().size())
              + " more.");
    }
    if (!mayDecide(decision.by(), waiting.approvers())) {
      return Optional.of(
          "`"
              + decision.step()
              + "` asks "
              + String.join(", ", waiting.approvers())
              + ", and "
              + decision.by()
              + " is none of them.");
    }
    return missingReason(decision);
  }

  /** Who is in a group only a worker's policy can say; a list of mere users speaks for itself. */
  private static boolean mayDecide(String by, List<String> approvers) {
    return approvers.isEmpty()
        || approvers.stream().anyMatch(each -> !each.startsWith("user:"))
        || approvers.contains("user:" + by);
  }

  private static Optional<String> missingReason(Decision decision) {
    return NEED_A_REASON.contains(decision.choice()) && isBlank(decision.reason())
        ? Optional.of("`" + decision.choice() + "` needs a reason, for those who read this later.")
        : Optional.empty();
  }

  private static String nothingWaitsAt(String step, StatusFold run) {
    String what =
        run.step(step)
            .map(known -> "The step `" + step + "` waits for nobody. ")
            .orElse("There is no step `" + step + "` in this run. ");
    return what + whatWaits(run);
  }

  private static String whatWaits(StatusFold run) {
    if (run.waiting().isEmpty()) {
      return run.state() == RunState.RUNNING ? "Nothing waits for a decision." : "";
    }
    return run.waiting().stream()
        .map(each -> named(each) + " waits for " + choices(each))
        .collect(Collectors.joining("; ", "", "."));
  }

  private static String named(Waiting waiting) {
    return waiting.step().isEmpty() ? "The run" : "`" + waiting.step() + "`";
  }

  private static String choices(Waiting waiting) {
    return waiting.choices().stream()
        .map(each -> "`" + each + "`")
        .collect(Collectors.joining(" or "));
  }

  private static boolean hasApproved(Decision decision, Waiting waiting) {
    return waiting.decided().stream()
        .anyMatch(taken -> Quorum.isSamePerson(taken.by(), decision.by()));
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
