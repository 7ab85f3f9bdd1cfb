package dev.backout.proof;

import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.TakenDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run that goes on from former ones says was decided there, held against what their own
 * histories prove.
 */
final class FormerProofs {
  private final List<RunProof> runs;

  FormerProofs(List<RunProof> runs) {
    this.runs = runs;
  }

  List<Finding> findings(List<RunEvent.TakenOver> takenOver) {
    List<Finding> findings = new ArrayList<>();
    for (RunEvent.TakenOver over : takenOver) {
      over.decisions().forEach(taken -> findings.add(finding(over.runId(), taken)));
    }
    return findings;
  }

  private Finding finding(String runId, TakenDecision taken) {
    List<RunProof> former = runs.stream().filter(run -> run.runId().equals(runId)).toList();
    if (former.isEmpty()) {
      return of(
          taken,
          Verdict.UNVERIFIED,
          null,
          "It was taken in a former run, as whoever started this one says; its proof is in the"
              + " history of run "
              + runId
              + ": give its export too.");
    }
    Optional<Finding> there =
        former.stream()
            .flatMap(run -> run.findings().stream())
            .filter(found -> isOf(found, taken))
            .findFirst();
    return there
        .map(found -> of(taken, found.verdict(), found, "It was taken in run " + runId + "."))
        .orElseGet(
            () ->
                of(
                    taken,
                    Verdict.ALTERED,
                    null,
                    "It was taken in run "
                        + runId
                        + ", as whoever started this one says, and that run's history has no such"
                        + " decision."));
  }

  private static boolean isOf(Finding found, TakenDecision taken) {
    return found.subject() == Finding.Subject.DECISION
        && taken.step().equals(found.step())
        && taken.choice().equals(found.choice())
        && taken.by().equals(found.by())
        && Objects.equals(taken.reason(), found.reason())
        && Objects.equals(taken.at(), found.at());
  }

  private static Finding of(
      TakenDecision taken, Verdict verdict, @Nullable Finding there, String remark) {
    return new Finding(
        Finding.Subject.DECISION,
        verdict,
        taken.step(),
        taken.choice(),
        taken.by(),
        taken.reason(),
        taken.at(),
        there == null ? null : there.key(),
        there == null ? null : there.policy(),
        null,
        null,
        List.of(remark));
  }
}
