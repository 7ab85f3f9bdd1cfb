package dev.backout.policy;

import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Located;
import dev.backout.runbook.SourceRange;
import dev.backout.runbook.Suggestion;
import dev.backout.signature.AllowedSigners;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is well said in a policy and hardly meant. */
final class Doubts {
  private final Policy policy;
  private final Rules rules;
  private final String shownAs;
  private final Collection<String> actions;
  private final Diagnostics found;

  Doubts(Policy policy, Rules rules, String shownAs, Collection<String> actions) {
    this.policy = policy;
    this.rules = rules;
    this.shownAs = shownAs;
    this.actions = actions;
    this.found = new Diagnostics(shownAs);
  }

  List<Diagnostic> found() {
    groups();
    nobodyMayStart();
    unreachable(rules.start());
    unreachable(rules.decide());
    rules.acts().allow().forEach(this::unknownAction);
    rules.acts().deny().forEach(this::unknownAction);
    List<Diagnostic> all = new ArrayList<>(found.sorted());
    all.addAll(new FileModes(policy, shownAs).found());
    return all;
  }

  private void groups() {
    Optional<AllowedSigners> signers = policy.signers();
    for (Rules.Group group : rules.groups().values()) {
      if (group.members().isEmpty()) {
        found.warning(
            group.name().range(),
            "empty-group",
            "Nobody is in the group `" + group.name().value() + "`",
            "Name its members, or remove it");
      }
      signers.ifPresent(keys -> group.members().forEach(member -> withoutKey(member, keys)));
    }
  }

  private void withoutKey(Located<String> member, AllowedSigners keys) {
    if (!keys.isFor(member.value())) {
      found.warning(
          member.range(),
          "member-without-key",
          "`" + member.value() + "` has no key among the allowed signers",
          "Without one nothing that they sign can be verified");
    }
  }

  private void nobodyMayStart() {
    if (rules.start().isEmpty()) {
      found.warning(
          rules.head(),
          "nobody-may-start",
          "No rule lets anybody start anything",
          "Say under `start:` who may start what");
    }
  }

  private void unreachable(List<Rule> list) {
    for (int i = 1; i < list.size(); i++) {
      Rule rule = list.get(i);
      list.subList(0, i).stream()
          .filter(earlier -> earlier.coversCasesOf(rule) && isForAllOf(earlier, rule))
          .findFirst()
          .ifPresent(earlier -> unreachable(rule, earlier));
    }
  }

  private void unreachable(Rule rule, Rule earlier) {
    found.warning(
        rule.range(),
        "unreachable-rule",
        "This rule never counts: the one in line "
            + earlier.range().start().line()
            + " fits whatever it fits, and comes first",
        "Remove it, or put it first");
  }

  private boolean isForAllOf(Rule earlier, Rule later) {
    if (isForAnybody(earlier)) {
      return true;
    }
    return !isForAnybody(later) && people(earlier).containsAll(people(later));
  }

  private static boolean isForAnybody(Rule rule) {
    return rule.who().stream().anyMatch(who -> who.value().kind() == Who.Kind.ANYBODY);
  }

  private Set<String> people(Rule rule) {
    Set<String> people = new HashSet<>();
    for (Located<Who> who : rule.who()) {
      if (who.value().kind() == Who.Kind.USER) {
        people.add(who.value().name());
      }
      Rules.Group group = rules.groups().get(who.value().name());
      if (who.value().kind() == Who.Kind.GROUP && group != null) {
        group.members().forEach(member -> people.add(member.value()));
      }
    }
    return people;
  }

  private void unknownAction(Located<Glob> said) {
    if (actions.stream().anyMatch(said.value()::matches)) {
      return;
    }
    SourceRange range = said.range();
    found.warning(
        range,
        "unknown-action",
        "There is no action `" + said.value().text() + "`",
        Suggestion.nearest(said.value().text(), actions)
            .map(meant -> "Did you mean `" + meant + "`?")
            .orElse("`backout actions` lists them"));
  }
}
