package dev.backout.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.UndoPlan.WouldUndo;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a run at one moment, as the workflow's own query and the history both tell it.
 *
 * @param workflowId Temporal's workflow id; a target has one, so it is also the lock
 * @param runId Temporal's run id
 * @param incidentAt when the clock of the RTO began
 * @param waiting what waits for a person, oldest first
 * @param outcome one sentence on how it ended; null while it runs
 * @param lastly what runs whatever has happened; empty if there is nothing
 * @param undo how far taking back has come, in its order; empty if it hasn't begun
 * @param admission what the worker's policy said to the start; null without a policy
 * @param resumes the former run that this one goes on from; null for none
 * @param notTold who outside could not be told of something; empty if all could
 */
@RecordBuilder
public record RunStatus(
    String workflowId,
    String runId,
    String runbook,
    String kind,
    String summary,
    String target,
    String planDigest,
    String startedBy,
    RunState state,
    Instant startedAt,
    Instant incidentAt,
    @Nullable Instant finishedAt,
    @Nullable Duration rto,
    @Nullable Duration rpo,
    List<StepStatus> preflight,
    List<StepStatus> steps,
    List<Waiting> waiting,
    List<DueFollowUp> followUps,
    @Nullable String outcome,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StepStatus> undo,
    @JsonProperty("finally") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StepStatus> lastly,
    @Nullable Admission admission,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String resumes,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<NotTold> notTold)
    implements RunStatusBuilder.With {

  /** Another mapper than ours leaves out what is empty. */
  public RunStatus {
    undo = undo == null ? List.of() : undo;
    lastly = lastly == null ? List.of() : lastly;
    notTold = notTold == null ? List.of() : notTold;
  }

  /**
   * Somebody outside could not be told of something.
   *
   * @param channel the notification's name
   * @param about what happened, as a word: {@code waiting}
   */
  public record NotTold(Instant at, String channel, String about, String why) {}

  /** Whether the worker's policy did not let it begin; then nothing was touched. */
  public boolean wasRefused() {
    return admission != null && admission.refusal() != null;
  }

  /**
   * Whether a new run can go on from where it stopped: it has not come to an end of its own, and
   * was not taking back what was done.
   */
  public boolean canBeGoneOnWith() {
    return switch (state) {
      case FAILED, STOPPED, CANCELLED, TERMINATED, INTERRUPTED ->
          !wasRefused()
              && undo.isEmpty()
              && steps.stream().noneMatch(step -> step.kind().equals("undo"));
      case RUNNING, WAITING, SUCCEEDED, UNDONE -> false;
    };
  }

  /**
   * Whether whoever started the run may approve there. Without a policy nobody proves who they are,
   * so nobody is refused for it.
   */
  public boolean mayStarterApprove(Waiting at) {
    return admission == null || Boolean.TRUE.equals(at.selfApproval());
  }

  /**
   * What the worker's policy said to the start.
   *
   * @param principal who started it: proven if {@code verified}, else as they say
   * @param key the fingerprint of the key that proves it
   * @param policyHash of the policy that was in force; null where it refused
   * @param refusal why the run may not begin, as a sentence; null if it may
   */
  public record Admission(
      @Nullable String principal,
      boolean verified,
      @Nullable String key,
      @Nullable String policyHash,
      @Nullable String refusal) {}

  public enum RunState {
    RUNNING,
    WAITING,
    SUCCEEDED,
    FAILED,
    STOPPED,
    /** All that it had changed was taken back. */
    UNDONE,
    CANCELLED,
    TERMINATED,
    /** Its server is gone and the record ends in the middle. */
    INTERRUPTED;

    public boolean isFinal() {
      return this != RUNNING && this != WAITING;
    }
  }

  /**
   * A step and what has become of it.
   *
   * @param path unique within the run: {@code stop}, {@code drain/api/stop_api}, {@code
   *     restart[2]/stop}
   * @param kind {@code uses}, {@code checkpoint}, {@code parallel}, …
   * @param action the action's name for {@code uses} and {@code wait}, else null
   * @param attempt executions so far, counted from 1; 0 before the first
   * @param failure what went wrong in the last attempt, or why it was skipped
   * @param childRunId the run id of a child runbook's workflow, else null
   * @param takenOverFrom the former run in which it was carried out; null for this one
   * @param readOnly true where its action only reads; else null
   */
  @RecordBuilder
  public record StepStatus(
      String path,
      String name,
      String kind,
      @Nullable String action,
      StepState state,
      int attempt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Duration budget,
      @Nullable JsonNode outputs,
      @Nullable String failure,
      List<TakenDecision> decisions,
      @Nullable String childRunId,
      List<StepStatus> children,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String takenOverFrom,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean readOnly)
      implements RunStatusStepStatusBuilder.With {}

  public enum StepState {
    PENDING,
    RUNNING,
    WAITING,
    DONE,
    FAILED,
    SKIPPED,
    /** May have happened: the worker was lost in the middle of an act that must not be repeated. */
    IN_DOUBT,
    /** Was done, and has been taken back. */
    UNDONE
  }

  /**
   * What waits for a person.
   *
   * @param step the step's path, which is also how the checkpoint is named on the command line
   * @param choices the words that a decision may have, safest first
   * @param quorum how many different people must approve in all
   * @param deadline when it escalates or stops by itself; null if never
   * @param onDeadline what happens then, as a sentence; null if never
   * @param undo what {@code undo} would do, in order; empty where it can't be chosen
   * @param items of a checklist, in order; who has ticked one stands in {@code decided}
   * @param quorums how many of each of {@code approvers} must approve, where the runbook says so
   * @param selfApproval whether the runbook lets whoever started the run approve it; null for no
   */
  @RecordBuilder
  public record Waiting(
      String step,
      WaitingFor reason,
      String question,
      List<String> choices,
      List<String> approvers,
      int quorum,
      List<TakenDecision> decided,
      Instant since,
      @Nullable Instant deadline,
      @Nullable String onDeadline,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<WouldUndo> undo,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> items,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> quorums,
      @Nullable Boolean selfApproval)
      implements RunStatusWaitingBuilder.With {

    /** What waits where {@code undo} can't be chosen. */
    public Waiting(
        String step,
        WaitingFor reason,
        String question,
        List<String> choices,
        List<String> approvers,
        int quorum,
        List<TakenDecision> decided,
        Instant since,
        @Nullable Instant deadline,
        @Nullable String onDeadline) {
      this(
          step,
          reason,
          question,
          choices,
          approvers,
          quorum,
          decided,
          since,
          deadline,
          onDeadline,
          List.of(),
          List.of(),
          Map.of(),
          null);
    }

    /**
     * Who has ticked an item; empty if nobody has.
     *
     * @param item counted from 1
     */
    public Optional<TakenDecision> ticked(int item) {
      return decided.stream()
          .filter(each -> each.tick() != null && each.tick().item() == item)
          .findFirst();
    }

    /** With the choice of taking all back, which does this. */
    public Waiting offering(List<WouldUndo> lines) {
      List<String> more = new ArrayList<>(choices);
      more.add(Choices.UNDO);
      return withChoices(List.copyOf(more)).withUndo(lines);
    }
  }

  public enum WaitingFor {
    CHECKPOINT,
    FAILURE,
    DOUBT,
    /** A checklist is being gone through. */
    MANUAL,
    /** The run as a whole: somebody has paused it. */
    PAUSE,
    /** A step that would begin now, in a run that asks before each. */
    STEP
  }

  /**
   * A decision that was taken into account.
   *
   * @param by who decided: proven if {@code verified}, else as they say
   * @param verified false until a signature has been checked; a bare name proves nothing
   * @param tick of a checklist, the item; null for every other decision
   * @param proof what it was judged by; null where no policy judges
   * @param sentBy whom the server says it was that sent it, as {@code type:name}; null where it
   *     says nobody. Not the signer, who may be somebody else, and no proof
   */
  @RecordBuilder
  public record TakenDecision(
      String step,
      String choice,
      String by,
      @Nullable String reason,
      Instant at,
      boolean verified,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Tick tick,
      @Nullable Proof proof,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String sentBy)
      implements RunStatusTakenDecisionBuilder.With {

    /** One that ticks nothing, and that no policy has judged. */
    public TakenDecision(
        String step,
        String choice,
        String by,
        @Nullable String reason,
        Instant at,
        boolean verified) {
      this(step, choice, by, reason, at, verified, null, null, null);
    }
  }

  /**
   * An item of a checklist that somebody has done.
   *
   * @param item counted from 1
   * @param file the name of a file that shows it; null without one
   * @param sha256 of that file, hexadecimal
   */
  public record Tick(int item, String text, @Nullable String file, @Nullable String sha256) {}

  /**
   * What a worker found when it judged a decision.
   *
   * @param policy the hash of the policy in force
   * @param groups of whoever decided
   * @param minimumQuorum how many different people the policy asks for at least
   * @param fingerprint {@code SHA256:…} of the key; null without a signature
   * @param keyType OpenSSH's name of it; null without a signature
   * @param certificateId the certificate's key id; null without one
   */
  public record Proof(
      String policy,
      List<String> groups,
      int minimumQuorum,
      @Nullable String fingerprint,
      @Nullable String keyType,
      @Nullable String certificateId) {}

  public record DueFollowUp(String name, Duration within, Instant dueAt) {}
}
