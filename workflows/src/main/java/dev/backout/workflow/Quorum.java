package dev.backout.workflow;

import dev.backout.history.RunStatus.Proof;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether enough different people have approved. Where the runbook wants so many of this group and
 * so many of that one, each person stands for one of them: somebody who is in both counts once.
 */
public final class Quorum {
  private Quorum() {}

  /**
   * @param approvals all that were given and not withdrawn, also of the same people
   */
  public static boolean isMet(Waiting waiting, List<TakenDecision> approvals) {
    List<TakenDecision> people = different(approvals);
    return people.size() >= needed(waiting, approvals)
        && seatsTaken(seats(waiting.quorums()), people) == seats(waiting.quorums()).size();
  }

  /** How many in all: what the runbook says, and no fewer than the policy does. */
  static int needed(Waiting waiting, List<TakenDecision> approvals) {
    int least = waiting.quorum();
    for (TakenDecision each : approvals) {
      Proof proof = each.proof();
      least = proof == null ? least : Math.max(least, proof.minimumQuorum());
    }
    return least;
  }

  public static boolean isSamePerson(String one, String other) {
    return key(one).equals(key(other));
  }

  private static List<TakenDecision> different(List<TakenDecision> approvals) {
    Set<String> seen = new HashSet<>();
    return approvals.stream().filter(each -> seen.add(key(each.by()))).toList();
  }

  private static String key(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  /** {@code group:oncall} twice for two of that group. */
  private static List<String> seats(Map<String, Integer> quorums) {
    List<String> seats = new ArrayList<>();
    quorums.forEach((who, count) -> seats.addAll(java.util.Collections.nCopies(count, who)));
    return seats;
  }

  /** The most seats that these people can take, one each: a matching, found by augmenting paths. */
  private static int seatsTaken(List<String> seats, List<TakenDecision> people) {
    Map<Integer, Integer> personAt = new HashMap<>();
    int taken = 0;
    for (int person = 0; person < people.size(); person++) {
      taken += takesSeat(person, seats, people, personAt, new HashSet<>()) ? 1 : 0;
    }
    return taken;
  }

  private static boolean takesSeat(
      int person,
      List<String> seats,
      List<TakenDecision> people,
      Map<Integer, Integer> personAt,
      Set<Integer> tried) {
    for (int seat = 0; seat < seats.size(); seat++) {
      if (!mayTake(people.get(person), seats.get(seat)) || !tried.add(seat)) {
        continue;
      }
      Integer sitting = personAt.get(seat);
      if (sitting == null || takesSeat(sitting, seats, people, personAt, tried)) {
        personAt.put(seat, person);
        return true;
      }
    }
    return false;
  }

  /** Without a policy nobody can say who is in a group, so everybody may stand for it. */
  private static boolean mayTake(TakenDecision person, String seat) {
    if (seat.startsWith("user:")) {
      return isSamePerson(seat.substring("user:".length()), person.by());
    }
    Proof proof = person.proof();
    return proof == null || proof.groups().contains(seat.substring("group:".length()));
  }
}
