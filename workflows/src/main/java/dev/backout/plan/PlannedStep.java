package dev.backout.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step, with every default filled in.
 *
 * @param id unique in its runbook
 * @param name a template; the id where the runbook gives none
 * @param when a CEL condition; null for always
 * @param timeout the longest that one attempt may take
 * @param budget what it should take; null if the runbook says nothing
 * @param expect CEL conditions over {@code outputs} that must hold after it, or it has failed
 * @param undo what would take it back; null if nothing does
 * @param probe what tells whether it happened; null if nothing does
 * @param runsOn the task queue of the worker; null for the run's own
 */
public record PlannedStep(
    String id,
    String name,
    Work work,
    @Nullable String when,
    Duration timeout,
    @Nullable Duration budget,
    @Nullable Retry retry,
    List<String> expect,
    OnFailure onFailure,
    @Nullable ActionUse undo,
    @Nullable PlannedProbe probe,
    @Nullable String runsOn) {

  private static final ValueType.Struct NOTHING = new ValueType.Struct(Map.of());

  /**
   * What tells whether the step has happened.
   *
   * @param expect CEL over the probe's {@code outputs} that holds if the step has happened
   */
  public record PlannedProbe(ActionUse use, List<String> expect) {}

  public enum OnFailure {
    ASK,
    STOP,
    CONTINUE,
    UNDO
  }

  /**
   * Attempts of an action that is safe to repeat; the wait between doubles from {@code interval} up
   * to a minute.
   */
  public record Retry(int attempts, Duration interval) {}

  /** What a step does: exactly one of these. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Uses.class, name = "uses"),
    @JsonSubTypes.Type(value = Checkpoint.class, name = "checkpoint"),
    @JsonSubTypes.Type(value = Manual.class, name = "manual"),
    @JsonSubTypes.Type(value = Parallel.class, name = "parallel"),
    @JsonSubTypes.Type(value = Each.class, name = "each"),
    @JsonSubTypes.Type(value = CallRunbook.class, name = "runbook"),
    @JsonSubTypes.Type(value = Wait.class, name = "wait"),
    @JsonSubTypes.Type(value = TakeBack.class, name = "undo")
  })
  public sealed interface Work {}

  public record Uses(ActionUse use) implements Work {}

  /**
   * People decide.
   *
   * @param question a template
   * @param approvers {@code group:oncall}, {@code user:ada}
   * @param timeout how long each level has, the first and every one of {@code escalateTo}
   * @param escalateTo whom to ask next when the timeout has passed, in order; after the last the
   *     run ends
   * @param onReject what a no leads to; null for a stop
   * @param onTimeout what it leads to when nobody has decided; null for a stop
   * @param quorums how many of each of {@code approvers} must approve, where the runbook says so
   * @param selfApproval whether whoever started the run may approve; null for no
   * @param remind how long those who are asked have before they are asked again, and again; null
   *     for never
   */
  public record Checkpoint(
      String question,
      List<String> approvers,
      int quorum,
      Duration timeout,
      List<String> escalateTo,
      @Nullable Closed onReject,
      @Nullable Closed onTimeout,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> quorums,
      @Nullable Boolean selfApproval,
      @Nullable Duration remind)
      implements Work {

    public Checkpoint {
      quorums = quorums == null ? Map.of() : quorums;
    }

    /** One that stops the run unless it is opened, and at which all approvers count alike. */
    public Checkpoint(
        String question,
        List<String> approvers,
        int quorum,
        Duration timeout,
        List<String> escalateTo) {
      this(question, approvers, quorum, timeout, escalateTo, null, null, Map.of(), null, null);
    }
  }

  /** What a checkpoint that doesn't open leads to, other than a stop. */
  public enum Closed {
    /** What was done is taken back. */
    UNDO
  }

  public record Manual(List<String> items) implements Work {}

  /** Branches run side by side; each is a list of steps, by the branch's name. */
  public record Parallel(Map<String, List<PlannedStep>> branches) implements Work {}

  /**
   * The steps once for each element.
   *
   * @param in a template that renders to a list
   * @param as the name that the element has in the steps
   * @param elementType what an element is
   */
  public record Each(
      JsonNode in, String as, ValueType elementType, int concurrency, List<PlannedStep> steps)
      implements Work {}

  /**
   * A child runbook, compiled whole; {@code with} was checked against its inputs and is rendered
   * when the step begins.
   */
  public record CallRunbook(ExecutionPlan plan, JsonNode with) implements Work {}

  /**
   * Asks {@code probe} every {@code interval} until {@code until} holds; the step's timeout is the
   * deadline.
   */
  public record Wait(ActionUse probe, String until, Duration interval) implements Work {}

  /**
   * Takes a step back. No runbook says this: it is made when a run, or a part of it, is undone.
   *
   * @param step the path of the step that is taken back
   * @param use with its input rendered: nothing in it is an expression any more; null where it
   *     can't be told what to do
   * @param inDoubt whether the step may not have happened: then a person is asked first
   * @param problem why it can't be told what to do; null if all is known
   */
  public record TakeBack(
      String step, @Nullable ActionUse use, boolean inDoubt, @Nullable String problem)
      implements Work {}

  /** What a step of this kind gives to those behind it. */
  public static ValueType.Struct outputTypes(Work work) {
    if (work instanceof Uses uses) {
      return uses.use().outputs();
    } else if (work instanceof Wait wait) {
      return wait.probe().outputs();
    } else if (work instanceof CallRunbook child) {
      return child.plan().outputTypes();
    } else if (work instanceof TakeBack back && back.use() != null) {
      return back.use().outputs();
    }
    return NOTHING;
  }
}
