package dev.backout.policy;

import dev.backout.runbook.Located;
import dev.backout.runbook.SourceRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what, of which kind, to which target.
 *
 * @param choices what may be decided; for a rule about starts it is {@link #START} alone
 * @param signed whether it takes a signature; null for what the policy says for all
 * @param range where it stands in the policy
 */
record Rule(
    List<Located<Who>> who,
    List<Located<String>> choices,
    List<Located<String>> kinds,
    List<Located<Glob>> targets,
    @Nullable Boolean signed,
    SourceRange range) {

  static final String START = "start";
  static final String ALL = "*";

  boolean concerns(String choice, String kind, String target) {
    return has(choices, choice)
        && has(kinds, kind)
        && targets.stream().anyMatch(each -> each.value().matches(target));
  }

  private static boolean has(List<Located<String>> words, String word) {
    return words.stream().anyMatch(each -> each.value().equals(ALL) || each.value().equals(word));
  }

  /** Whether this rule decides all that the other one would, people aside. */
  boolean coversCasesOf(Rule other) {
    return covers(choices, other.choices)
        && covers(kinds, other.kinds)
        && other.targets.stream()
            .allMatch(
                theirs -> targets.stream().anyMatch(each -> each.value().covers(theirs.value())));
  }

  private static boolean covers(List<Located<String>> words, List<Located<String>> others) {
    return others.stream().allMatch(each -> has(words, each.value()));
  }
}
