package dev.backout.postmortem;

import dev.backout.history.RunStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What people must add, because no record can know it. */
final class Questions {
  private final RunStatus status;
  private final Report.Impact impact;
  private final List<Report.DecisionLine> decisions;
  private final List<Report.Trouble> troubles;

  Questions(
      RunStatus status,
      Report.Impact impact,
      List<Report.DecisionLine> decisions,
      List<Report.Trouble> troubles) {
    this.status = status;
    this.impact = impact;
    this.decisions = decisions;
    this.troubles = troubles;
  }

  List<Report.Question> list() {
    List<Report.Question> questions = new ArrayList<>();
    questions.add(
        new Report.Question("Reason", "What made the rollback necessary?", reasonsGiven()));
    questions.add(
        new Report.Question("Duration", "How long were users without the service?", impact.time()));
    questions.add(
        new Report.Question(
            "Data loss",
            "What was lost, who is affected, can any of it be had back?",
            impact.data()));
    questions.add(new Report.Question("Root cause", "Why did it happen?", null));
    questions.add(
        new Report.Question(
            "Prevention", "What keeps it from happening again, and who does it by when?", null));
    if (!troubles.isEmpty()) {
      questions.add(
          new Report.Question(
              "The rollback itself", "Why did it not go smoothly?", stepsInTrouble()));
    }
    unverified(questions);
    return List.copyOf(questions);
  }

  private @org.jspecify.annotations.Nullable String reasonsGiven() {
    String given =
        decisions.stream()
            .filter(each -> each.reason() != null && !each.reason().isBlank())
            .map(each -> each.by() + ", on " + each.step() + ": “" + each.reason() + "”")
            .collect(Collectors.joining("; "));
    return given.isEmpty() ? null : given;
  }

  private String stepsInTrouble() {
    Set<String> steps =
        troubles.stream()
            .map(Report.Trouble::step)
            .filter(Objects::nonNull)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return steps.isEmpty()
        ? Words.count(troubles.size(), "event") + " under “What went wrong”"
        : "See " + String.join(", ", steps) + " under “What went wrong”";
  }

  private void unverified(List<Report.Question> questions) {
    Set<String> names =
        decisions.stream()
            .filter(each -> !each.verified())
            .map(Report.DecisionLine::by)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    names.add(status.startedBy());
    questions.add(
        new Report.Question(
            "People",
            "Was it really they? These names are what their senders claimed.",
            String.join(", ", names)));
  }
}
