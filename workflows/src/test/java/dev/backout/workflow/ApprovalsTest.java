package dev.backout.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backout.history.Choices;
import dev.backout.history.Resumption.How;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ApprovalsTest {
  private static final Instant NOW = Instant.parse("2026-01-31T03:00:00Z");

  @Test
  void onlyWhoHasOpenedACheckpointCounts() {
    assertEquals(
        List.of("grace", "linus"),
        by(
            asked("audit"),
            decided("audit", Choices.APPROVE, "ada", false),
            new RunEvent.Withdrawn(NOW, "1", "audit", "ada", null),
            decided("audit", Choices.APPROVE, "grace", false),
            decided("audit", Choices.APPROVE, "linus", true),
            asked("later"),
            decided("later", Choices.APPROVE, "margaret", false)));
  }

  @Test
  void aCheckpointThatWasRejectedOrAskedAnewCountsNobody() {
    assertEquals(
        List.of("grace"),
        by(
            asked("audit"),
            decided("audit", Choices.APPROVE, "ada", false),
            decided("audit", Choices.REJECT, "linus", true),
            asked("audit"),
            decided("audit", Choices.APPROVE, "grace", true)));
  }

  @Test
  void whoOpenedItInAFormerRunCountsWhereItIsOpenStill() {
    assertEquals(
        List.of("ada"),
        by(
            new RunEvent.TakenOver(
                NOW,
                "audit",
                "Audit",
                "run-0",
                How.APPROVED,
                1,
                null,
                null,
                null,
                List.of(decision("audit", Choices.APPROVE, "ada")))));
  }

  private static List<String> by(RunEvent... events) {
    return Approvals.of(List.of(events)).stream().map(StepCall.Approval::by).toList();
  }

  private static RunEvent asked(String step) {
    return new RunEvent.Asked(
        NOW,
        new Waiting(
            step,
            WaitingFor.CHECKPOINT,
            "Go on?",
            List.of(Choices.REJECT, Choices.APPROVE),
            List.of("group:audit"),
            2,
            List.of(),
            NOW,
            null,
            null));
  }

  private static RunEvent decided(String step, String choice, String by, boolean settles) {
    return new RunEvent.Decided(NOW, by + choice, decision(step, choice, by), settles);
  }

  private static TakenDecision decision(String step, String choice, String by) {
    return new TakenDecision(step, choice, by, null, NOW, false);
  }
}
