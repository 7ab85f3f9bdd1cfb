package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.Timeline.Entry;
import dev.backout.history.Timeline.Type;
import dev.backout.plan.Json;
import dev.backout.runbook.expression.DurationText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Events to sentences. */
final class TimelineWriter {
  private final List<Entry> entries = new ArrayList<>();

  TimelineWriter(RunEvent.RunStarted start) {
    String reason = start.reason();
    add(
        start.at(),
        Type.RUN_STARTED,
        null,
        (start.startedBy().isEmpty() ? "Somebody" : start.startedBy())
            + " started `"
            + start.plan().runbook()
            + "` for `"
            + start.plan().target()
            + "`"
            + (start.resumes() == null ? "" : ", going on from run " + start.resumes().runId())
            + (reason == null ? "." : ": " + reason));
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** An act whose result was not as expected: Temporal says done, the runbook says failed. */
  void before(RunEvent event, StatusFold fold) {
    if (event instanceof RunEvent.StepFailed failed
        && !entries.isEmpty()
        && entries.get(entries.size() - 1).type() == Type.STEP_DONE
        && failed.step().equals(entries.get(entries.size() - 1).step())) {
      entries.remove(entries.size() - 1);
    }
  }

  void after(RunEvent event, StatusFold fold) {
    if (event instanceof RunEvent.RunFinished finished) {
      add(
          new Entry(
              finished.at(),
              Type.RUN_FINISHED,
              null,
              sentence(finished),
              Elapsed.between(fold.startedAt(), finished.at()),
              null));
    } else if (event instanceof RunEvent.Admitted admitted) {
      add(admitted.at(), Type.ADMISSION, null, sentence(admitted.admission()));
    } else if (event instanceof RunEvent.ObjectiveAtRisk risk) {
      add(risk.at(), Type.OBJECTIVE_AT_RISK, null, risk.why());
    } else if (event instanceof RunEvent.Told told) {
      add(told.at(), Type.TOLD, null, sentence(told.telling(), " was told: "));
    } else if (event instanceof RunEvent.NotTold untold) {
      add(
          untold.at(),
          Type.NOT_TOLD,
          null,
          sentence(untold.telling(), " could not be told: ") + " " + untold.why());
    } else if (event instanceof RunEvent.UndoStarted undo) {
      add(undo.at(), Type.UNDO_STARTED, null, sentence(undo));
    } else if (event instanceof RunEvent.OfStep ofStep) {
      step(ofStep, fold.step(ofStep.step()).orElse(null));
    }
  }

  private static String sentence(RunStatus.Admission admission) {
    if (admission.refusal() != null) {
      return "The worker's policy did not let it begin: " + admission.refusal();
    }
    String who = admission.principal() == null ? "somebody" : admission.principal();
    return "The worker's policy let "
        + who
        + (admission.verified() ? ", whose signature holds," : ", unverified,")
        + " start it.";
  }

  private static String sentence(Telling telling, String what) {
    return "`"
        + telling.channel()
        + "`"
        + (telling.ofWorker() ? " of the worker" : "")
        + what
        + telling.about()
        + ".";
  }

  private static String sentence(RunEvent.RunFinished finished) {
    String word = finished.state().name().charAt(0) + lower(finished.state().name()).substring(1);
    return finished.outcome().startsWith(word)
        ? finished.outcome()
        : word + ": " + finished.outcome();
  }

  private static String sentence(RunEvent.UndoStarted undo) {
    int count = undo.steps().size();
    String what =
        count == 0
            ? "There is nothing to take back."
            : "What was done is taken back, last first: "
                + (count == 1 ? "1 step." : count + " steps.");
    String stays =
        undo.stays().stream()
            .map(each -> "`" + each.step() + "`")
            .collect(Collectors.joining(", "));
    return what + (stays.isEmpty() ? "" : " No undo have, and stay: " + stays + ".");
  }

  private static String lower(String text) {
    return text.toLowerCase(java.util.Locale.ROOT);
  }

  private void step(RunEvent.OfStep event, @Nullable StepStatus step) {
    if (event instanceof RunEvent.StepStarted started) {
      started(started, step);
    } else if (event instanceof RunEvent.StepDone done) {
      ended(done, Type.STEP_DONE, name(event, step) + " is done.", step, done.outputs());
    } else if (event instanceof RunEvent.StepFailed failed) {
      ended(
          failed, Type.STEP_FAILED, name(event, step) + " failed: " + failed.failure(), step, null);
    } else if (event instanceof RunEvent.StepInDoubt doubt) {
      ended(
          doubt,
          Type.STEP_IN_DOUBT,
          name(event, step) + " may or may not have happened: " + doubt.failure(),
          step,
          null);
    } else if (event instanceof RunEvent.DoubtExamined examined) {
      add(event, Type.DOUBT_EXAMINED, sentence(examined, name(event, step)));
    } else if (event instanceof RunEvent.StepSkipped skipped) {
      add(event, Type.STEP_SKIPPED, name(event, step) + " was skipped: " + skipped.why());
    } else if (event instanceof RunEvent.TakenOver over) {
      add(event, Type.STEP_TAKEN_OVER, sentence(over));
    } else if (event instanceof RunEvent.Retrying retrying) {
      add(
          event,
          Type.RETRYING,
          name(event, step)
              + " will be tried again in "
              + DurationText.print(retrying.in())
              + ", for attempt "
              + retrying.nextAttempt()
              + ".");
    } else {
      people(event, step);
    }
  }

  private static String sentence(RunEvent.TakenOver over) {
    String who =
        over.decisions().stream()
            .map(each -> each.by() + (each.verified() ? "" : " (unverified)") + " at " + each.at())
            .collect(Collectors.joining(", "));
    return over.name()
        + switch (over.how()) {
          case DONE -> " was done in run ";
          case APPROVED -> " was approved in run ";
          case SKIPPED -> " was passed over in run ";
          case FAILED -> " failed in run ";
          case IN_DOUBT -> " may or may not have happened in run ";
        }
        + over.runId()
        + (who.isEmpty() ? "." : ", as decided by " + who + ".");
  }

  private static String sentence(RunEvent.DoubtExamined examined, String name) {
    String what =
        switch (examined.finding()) {
          case DONE -> " has happened";
          case FAILED -> " has failed";
          case NOT_DONE -> " has not happened";
          case UNDER_WAY -> " goes on";
          case UNKNOWN -> " may or may not have happened";
        };
    String source =
        examined.source() == RunEvent.DoubtExamined.Source.JOURNAL
            ? "the worker's journal"
            : "the probe";
    return "As far as " + source + " can tell, " + name + what + ": " + examined.said();
  }

  private void started(RunEvent.StepStarted event, @Nullable StepStatus step) {
    boolean poll = step != null && step.kind().equals("wait") && event.attempt() > 1;
    if (poll) {
      return;
    }
    String action = step == null || step.action() == null ? "" : " (" + step.action() + ")";
    String attempt = event.attempt() > 1 ? ", attempt " + event.attempt() : "";
    add(event, Type.STEP_STARTED, event.name() + action + " begins" + attempt + ".");
  }

  private void people(RunEvent.OfStep event, @Nullable StepStatus step) {
    if (event instanceof RunEvent.Asked asked) {
      add(event, Type.WAITING, "Waits for a person: " + asked.waiting().question());
    } else if (event instanceof RunEvent.Escalated escalated) {
      add(
          event,
          Type.ESCALATED,
          "Nobody decided in time; " + escalated.to() + " is asked too. " + escalated.onDeadline());
    } else if (event instanceof RunEvent.Reminded reminded) {
      add(
          event,
          Type.REMINDED,
          "Nobody has decided yet; reminded: " + String.join(", ", reminded.approvers()) + ".");
    } else if (event instanceof RunEvent.Decided decided) {
      add(
          new Entry(
              event.at(),
              Type.DECISION,
              event.step().isEmpty() ? null : event.step(),
              sentence(decided.decision(), step),
              null,
              Json.MAPPER.valueToTree(decided.decision())));
    } else if (event instanceof RunEvent.DecisionRefused refused) {
      add(
          event,
          Type.DECISION,
          refused.by()
              + " sent `"
              + refused.choice()
              + "`, which changed nothing: "
              + refused.why());
    } else if (event instanceof RunEvent.Withdrawn withdrawn) {
      add(event, Type.DECISION, withdrawn.by() + " withdrew the approval" + reason(withdrawn));
    } else if (event instanceof RunEvent.OverBudget over) {
      add(
          event,
          Type.OVER_BUDGET,
          name(event, step) + " takes longer than its " + DurationText.print(over.budget()) + ".");
    }
  }

  private static String reason(RunEvent.Withdrawn withdrawn) {
    return withdrawn.reason() == null ? "." : ": " + withdrawn.reason();
  }

  private static String sentence(TakenDecision decision, @Nullable StepStatus step) {
    String reason = decision.reason();
    if (decision.tick() != null) {
      return sentence(decision, decision.tick());
    }
    return decision.by()
        + (decision.verified() ? "" : " (unverified)")
        + " decided `"
        + decision.choice()
        + "`"
        + (step == null ? "" : " for " + step.name())
        + (reason == null || reason.isBlank() ? "." : ": " + reason)
        + (decision.sentBy() == null
            ? ""
            : " (sent, as the server says, by " + decision.sentBy() + ")");
  }

  private static String sentence(TakenDecision decision, RunStatus.Tick tick) {
    String comment = decision.reason();
    return decision.by()
        + (decision.verified() ? "" : " (unverified)")
        + " ticked "
        + tick.item()
        + ", "
        + tick.text()
        + (comment == null || comment.isBlank() ? "." : ": " + comment)
        + (tick.sha256() == null
            ? ""
            : " File: " + tick.file() + ", SHA-256 " + tick.sha256() + ".");
  }

  private void ended(
      RunEvent.OfStep event,
      Type type,
      String text,
      @Nullable StepStatus step,
      @Nullable JsonNode outputs) {
    Instant from = step == null ? null : step.startedAt();
    ObjectNode data = null;
    if (outputs != null) {
      data = Json.MAPPER.createObjectNode();
      data.set("outputs", outputs);
    }
    add(
        new Entry(
            event.at(),
            type,
            event.step(),
            text,
            from == null ? null : Elapsed.between(from, event.at()),
            data));
  }

  private static String name(RunEvent.OfStep event, @Nullable StepStatus step) {
    return step == null ? "`" + event.step() + "`" : step.name();
  }

  private void add(RunEvent.OfStep event, Type type, String text) {
    add(event.at(), type, event.step().isEmpty() ? null : event.step(), text);
  }

  private void add(Instant at, Type type, @Nullable String step, String text) {
    add(new Entry(at, type, step, text, null, null));
  }

  private void add(Entry entry) {
    entries.add(entry);
  }
}
