package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.history.AttemptFailure;
import dev.backout.history.RunEvent.DoubtExamined;
import dev.backout.history.RunEvent.DoubtExamined.Finding;
import dev.backout.history.RunEvent.DoubtExamined.Source;
import dev.backout.runbook.expression.DurationText;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether an attempt in doubt has happened: first from the journal of the worker that had
 * it, then by the step's probe. What nothing can tell, a person is asked.
 */
final class Doubts {
  /** Runs that met their doubt under a release without this go on without it. */
  private static final String CHANGE = "doubt";

  private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);

  /** How long the question lies in the task queue before a person is asked instead. */
  private static final Duration PICK_UP = Duration.ofMinutes(2);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int ATTEMPTS = 3;

  private final Run run;
  private final Probes probes;

  Doubts(Run run, Probes probes) {
    this.run = run;
    this.probes = probes;
  }

  /** What came of it. */
  sealed interface Verdict {}

  /**
   * @param outputs null where nobody knows them
   */
  record Happened(@Nullable JsonNode outputs) implements Verdict {}

  record Failed(String failure) implements Verdict {}

  /** It may be done now, without asking anybody. */
  record NotHappened() implements Verdict {}

  /**
   * @param known what was found out, as sentences
   */
  record Open(String known) implements Verdict {}

  Verdict settle(StepRun step) {
    if (Workflow.getVersion(CHANGE, Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION) {
      return new Open("");
    }
    Settlement settlement = journal(step);
    return switch (settlement.answer()) {
      case DONE -> {
        examined(step, Finding.DONE, settlement.said());
        yield Probes.happened(run, step, settlement.outputs(), settlement.said());
      }
      case FAILED -> {
        examined(step, Finding.FAILED, settlement.said());
        yield new Failed(settlement.said());
      }
      case NOT_BEGUN -> {
        examined(step, Finding.NOT_DONE, settlement.said());
        yield new NotHappened();
      }
      case UNDER_WAY -> open(step, settlement);
      case BROKEN_OFF, UNKNOWN -> probes.settle(step, settlement, open(step, settlement));
    };
  }

  private Open open(StepRun step, Settlement settlement) {
    examined(step, Finding.UNKNOWN, settlement.said());
    return new Open(settlement.said());
  }

  /** Asks until it can say more than that the act goes on, for as long as the step may take. */
  private Settlement journal(StepRun step) {
    Instant deadline = RunLog.now().plus(step.step.timeout());
    Duration pause = FIRST_PAUSE;
    boolean isSaid = false;
    while (true) {
      Settlement settlement = ask(step);
      if (settlement.answer() != Settlement.Answer.UNDER_WAY) {
        return settlement;
      }
      if (!isSaid) {
        examined(step, Finding.UNDER_WAY, settlement.said());
        isSaid = true;
      }
      if (run.ending().isSet() || !RunLog.now().plus(pause).isBefore(deadline)) {
        return new Settlement(
            Settlement.Answer.UNDER_WAY,
            null,
            settlement.said()
                + (run.ending().isSet()
                    ? " The run ends before it did."
                    : " It still did after " + DurationText.print(step.step.timeout()) + "."));
      }
      boolean ignored = Workflow.await(pause, run.ending()::isSet);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  private Settlement ask(StepRun step) {
    FormerCall former = step.former();
    try {
      return former == null
          ? Workflow.newActivityStub(SettleActivity.class, options(step))
              .settle(run.call(step.path, step.attempt()))
          : Workflow.newActivityStub(FormerActivity.class, options(step)).settleFormer(former);
    } catch (ActivityFailure e) {
      if (CancellationScope.current().isCancelRequested()
          && e.getCause() instanceof CanceledFailure canceled) {
        throw canceled;
      }
      String why = AttemptFailure.of(e, Repeatability.READ_ONLY).message();
      return new Settlement(
          Settlement.Answer.UNKNOWN, null, "The worker's journal could not be asked: " + why);
    }
  }

  private void examined(StepRun step, Finding finding, String said) {
    run.log().note(new DoubtExamined(RunLog.now(), step.path, Source.JOURNAL, finding, said));
  }

  private static ActivityOptions options(StepRun step) {
    ActivityOptions.Builder options =
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(LONGEST_LOOK)
            .setScheduleToStartTimeout(PICK_UP)
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(ATTEMPTS).build())
            .setSummary(step.name);
    String queue = step.taskQueue();
    if (queue != null) {
      options.setTaskQueue(queue);
    }
    return options.build();
  }
}
