package dev.backout.client;

import dev.backout.catalog.ActionCatalog;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.RunbookCompiler;
import dev.backout.runbook.RunbookParser;
import dev.backout.runbook.SourceText;
import dev.backout.workflow.RunRequest;
import java.util.Map;
import java.util.Optional;

/** A runbook that waits for a person and touches nothing. */
public final class GateOnly {
  private GateOnly() {}

  public static RunRequest request(String target) {
    return new RunRequest(plan(target), "ada", null, null, false);
  }

  static ExecutionPlan plan(String target) {
    String text =
        """
        apiVersion: backout/v1
        kind: emergency
        name: gate-only
        summary: Waits for a person.
        target: %s
        steps:
          - id: gate
            name: Go on?
            checkpoint: { approvers: [group:oncall], quorum: 1, timeout: 4h }
        """
            .formatted(target);
    var compiled =
        new RunbookCompiler(new ActionCatalog(Map.of()), file -> Optional.empty())
            .compile(RunbookParser.parse(new SourceText("gate-only.yaml", text)), Map.of());
    return compiled.plan().orElseThrow(() -> new AssertionError(compiled.diagnostics().toString()));
  }
}
