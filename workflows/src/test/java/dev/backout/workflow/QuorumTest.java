package dev.backout.workflow;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus.Proof;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QuorumTest {

  private static TakenDecision approval(String who, int minimum, String... groups) {
    return unjudged(who)
        .withVerified(true)
        .withProof(
            new Proof("sha256:1", List.of(groups), minimum, "SHA256:1", "ssh-ed25519", null));
  }

  private static TakenDecision unjudged(String who) {
    return new TakenDecision("gate", "approve", who, null, Instant.EPOCH, false);
  }

  private static Waiting gate(int quorum, Map<String, Integer> each) {
    return new Waiting(
            "gate",
            dev.backout.history.RunStatus.WaitingFor.CHECKPOINT,
            "Go on?",
            List.of("reject", "approve"),
            List.copyOf(each.keySet()),
            quorum,
            List.of(),
            Instant.EPOCH,
            Instant.EPOCH.plus(Duration.ofHours(1)),
            null)
        .withQuorums(each);
  }

  private static final Map<String, Integer> ONE_OF_EACH = Map.of("group:oncall", 1, "group:dba", 1);

  @Test
  void whoIsInTwoGroupsStandsForOneOfThem() {
    TakenDecision both = approval("ada", 1, "dba", "oncall");

    assertFalse(Quorum.isMet(gate(2, ONE_OF_EACH), List.of(both)));
    assertTrue(Quorum.isMet(gate(2, ONE_OF_EACH), List.of(both, approval("grace", 1, "oncall"))));
    assertTrue(Quorum.isMet(gate(2, ONE_OF_EACH), List.of(both, approval("edgar", 1, "dba"))));
  }

  @Test
  void seatsAreChangedSoThatEverybodyWhoCanSitsDown() {
    Map<String, Integer> seats = Map.of("group:oncall", 1, "group:dba", 2);

    assertTrue(
        Quorum.isMet(
            gate(3, seats),
            List.of(
                approval("ada", 1, "dba", "oncall"),
                approval("edgar", 1, "dba"),
                approval("grace", 1, "dba", "oncall"))));
  }

  @Test
  void twoOfOneGroupAreNoneOfTheOther() {
    assertFalse(
        Quorum.isMet(
            gate(2, ONE_OF_EACH),
            List.of(approval("ada", 1, "oncall"), approval("grace", 1, "oncall"))));
  }

  @Test
  void onePersonCountsOnceHoweverTheNameIsWritten() {
    Waiting two = gate(2, Map.of());

    assertFalse(Quorum.isMet(two, List.of(unjudged("ada"), unjudged(" Ada "))));
    assertTrue(Quorum.isMet(two, List.of(unjudged("ada"), unjudged("grace"))));
  }

  @Test
  void thePolicysMinimumIsAFloorThatARunbookCannotGoBelow() {
    assertFalse(Quorum.isMet(gate(1, Map.of()), List.of(approval("ada", 2, "oncall"))));
  }

  @Test
  void withoutAPolicyAnybodyMayStandForAGroupAndAUserOnlyForThemselves() {
    assertTrue(Quorum.isMet(gate(2, ONE_OF_EACH), List.of(unjudged("ada"), unjudged("grace"))));
    assertFalse(Quorum.isMet(gate(1, Map.of("user:ada", 1)), List.of(unjudged("grace"))));
  }
}
