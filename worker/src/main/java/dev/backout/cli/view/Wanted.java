package dev.backout.cli.view;

import java.util.List;
import java.util.Map;

/** How many yeses of whom a checkpoint wants, in words. */
final class Wanted {
  private Wanted() {}

  /**
   * @param quorum how many in all
   * @param approvers nobody for anybody
   * @param quorums how many of each of them, where the runbook says so
   */
  static String of(int quorum, List<String> approvers, Map<String, Integer> quorums) {
    List<String> seats =
        quorums.entrySet().stream().map(each -> each.getValue() + " of " + each.getKey()).toList();
    int counted = quorums.values().stream().mapToInt(each -> each).sum();
    if (!seats.isEmpty() && counted >= quorum) {
      return String.join(" and ", seats);
    }
    String whom = approvers.isEmpty() ? "anybody" : String.join(" or ", approvers);
    String among = seats.isEmpty() ? "" : ", among them " + String.join(" and ", seats);
    return quorum + " of " + whom + among;
  }
}
