package dev.backout.workflow;

import dev.backout.history.Choices;
import dev.backout.history.Resumption.How;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.workflow.StepCall.Approval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who has opened the checkpoints of a run, also those of former runs that are open still. */
final class Approvals {
  private final Map<String, List<Approval>> given = new LinkedHashMap<>();
  private final List<Approval> counted = new ArrayList<>();

  private Approvals() {}

  static List<Approval> of(List<RunEvent> events) {
    Approvals approvals = new Approvals();
    events.forEach(approvals::hear);
    return List.copyOf(approvals.counted);
  }

  private void hear(RunEvent event) {
    if (event instanceof RunEvent.Asked asked) {
      given.remove(asked.step());
    } else if (event instanceof RunEvent.Withdrawn withdrawn) {
      given
          .getOrDefault(withdrawn.step(), new ArrayList<>())
          .removeIf(each -> each.by().equals(withdrawn.by()));
    } else if (event instanceof RunEvent.Decided decided && isApproval(decided.decision())) {
      add(decided.decision());
      if (decided.settles()) {
        counted.addAll(given.getOrDefault(decided.step(), List.of()));
      }
    } else if (event instanceof RunEvent.TakenOver over && over.how() == How.APPROVED) {
      over.decisions().stream()
          .filter(Approvals::isApproval)
          .map(Approvals::approval)
          .forEach(counted::add);
    }
  }

  private void add(TakenDecision decision) {
    given.computeIfAbsent(decision.step(), step -> new ArrayList<>()).add(approval(decision));
  }

  private static Approval approval(TakenDecision decision) {
    return new Approval(decision.step(), decision.by(), decision.verified());
  }

  private static boolean isApproval(TakenDecision decision) {
    return decision.choice().equals(Choices.APPROVE);
  }
}
