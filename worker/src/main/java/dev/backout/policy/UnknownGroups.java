package dev.backout.policy;

import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Located;
import dev.backout.runbook.Suggestion;
import java.util.List;
import java.util.stream.Stream;

/** A rule for a group that there isn't is a rule for nobody, which is never what was meant. */
final class UnknownGroups {
  private UnknownGroups() {}

  static void report(Rules rules, Diagnostics diagnostics) {
    Stream.of(rules.start(), rules.decide())
        .flatMap(List::stream)
        .flatMap(rule -> rule.who().stream())
        .filter(who -> who.value().kind() == Who.Kind.GROUP)
        .filter(who -> !rules.groups().containsKey(who.value().name()))
        .forEach(who -> report(who, rules, diagnostics));
  }

  private static void report(Located<Who> who, Rules rules, Diagnostics diagnostics) {
    String name = who.value().name();
    diagnostics.error(
        who.range(),
        "unknown-group",
        "There is no group `" + name + "`",
        Suggestion.nearest(name, rules.groups().keySet())
            .map(meant -> "Did you mean `group:" + meant + "`?")
            .orElse(
                rules.groups().isEmpty()
                    ? "Name it and its members under `groups:`"
                    : "There are: " + String.join(", ", rules.groups().keySet())));
  }
}
