package dev.backout.runbook.expression;

import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.Field;
import dev.backout.catalog.ValueType.ScalarKind;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an expression may speak of at one place of a runbook, and what is known there. Immutable:
 * each {@code with…} gives new names.
 */
public final class Names {
  static final String STEPS = "steps";
  static final String OUTPUTS = "outputs";
  static final String DONE = "done";
  private static final ValueType.Scalar TEXT = new ValueType.Scalar(ScalarKind.STRING);
  private static final ValueType.Scalar BOOLEAN = new ValueType.Scalar(ScalarKind.BOOLEAN);

  /**
   * A step that has ended before this place.
   *
   * @param outputs {@code Any} where nobody can tell
   * @param needs what has to hold for it to be done for sure; known where it is done
   */
  record KnownStep(ValueType outputs, Facts needs) {}

  /** Why a step of this runbook can't be spoken of here. */
  public record Hidden(String code, String message, @Nullable String hint) {}

  private final Map<String, ValueType> variables;
  private final Map<String, KnownStep> steps;
  private final Map<String, Hidden> hidden;
  private final Facts facts;
  private @Nullable CelTypes types;

  private Names(
      Map<String, ValueType> variables,
      Map<String, KnownStep> steps,
      Map<String, Hidden> hidden,
      Facts facts) {
    this.variables = variables;
    this.steps = steps;
    this.hidden = hidden;
    this.facts = facts;
  }

  /** At the start of a runbook with these inputs. */
  public static Names of(ValueType.Struct inputs) {
    Map<String, ValueType> variables = new LinkedHashMap<>();
    variables.put("inputs", inputs);
    variables.put(
        "run",
        new ValueType.Struct(
            Map.of("id", always(TEXT), "target", always(TEXT), "startedBy", always(TEXT))));
    return new Names(variables, Map.of(), Map.of(), Facts.NONE);
  }

  public Names withVariable(String name, ValueType type) {
    return new Names(with(variables, name, type), steps, hidden, facts);
  }

  /** With {@code outputs}, for {@code expect}, {@code until} and {@code undo}. */
  public Names withOutputs(ValueType outputs) {
    return withVariable(OUTPUTS, outputs);
  }

  public Names withHidden(String step, Hidden reason) {
    return new Names(variables, steps, with(hidden, step, reason), facts);
  }

  /**
   * After a step.
   *
   * @param outputs {@code Any} where nobody can tell
   * @param needs what has to hold for it to be done for sure
   */
  public Names withStep(String id, ValueType outputs, Facts needs) {
    return new Names(variables, with(steps, id, new KnownStep(outputs, needs)), hidden, facts);
  }

  /**
   * With the steps that another place knows besides; they need {@code more} to be done for sure.
   */
  public Names withStepsOf(Names inner, Facts more) {
    Map<String, KnownStep> all = new LinkedHashMap<>(steps);
    inner.steps.forEach(
        (id, step) -> all.putIfAbsent(id, new KnownStep(step.outputs(), step.needs().and(more))));
    return new Names(variables, all, hidden, facts);
  }

  /** Behind steps of which nobody knows how far they have come. */
  public Names whateverHappened() {
    Map<String, KnownStep> unsure = new LinkedHashMap<>();
    steps.forEach(
        (id, step) ->
            unsure.put(id, new KnownStep(step.outputs(), step.needs().and(Facts.succeeded(id)))));
    return new Names(variables, unsure, hidden, Facts.NONE);
  }

  public boolean hasVariable(String name) {
    return name.equals(STEPS) || variables.containsKey(name);
  }

  /** Where besides this is known. */
  public Names knowing(Facts more) {
    return new Names(variables, steps, hidden, facts.and(more));
  }

  /** Where no more is known than this: behind what had a condition of its own. */
  public Names knowingOnly(Facts known) {
    return new Names(variables, steps, hidden, known);
  }

  /** Where a step is known to be done. */
  public Names knowingDone(String step) {
    return knowing(doneFacts(step));
  }

  public Facts facts() {
    return facts;
  }

  /** That a step is done, and with it all that its own condition says. */
  Facts doneFacts(String step) {
    Facts done = Facts.of(Facts.done(step));
    KnownStep known = steps.get(step);
    return known == null ? done : done.and(known.needs());
  }

  boolean surelyDone(String step, Facts at) {
    KnownStep known = steps.get(step);
    return known == null || at.contains(Facts.done(step)) || at.containsAll(known.needs());
  }

  @Nullable Hidden hidden(String step) {
    return hidden.get(step);
  }

  /** Every step of the runbook, also those that can't be spoken of here. */
  Set<String> stepIds() {
    Set<String> ids = new LinkedHashSet<>(steps.keySet());
    ids.addAll(hidden.keySet());
    return ids;
  }

  /** Every variable with its type, {@code steps} among them. */
  Map<String, ValueType> variables() {
    Map<String, Field> known = new LinkedHashMap<>();
    steps.forEach((id, step) -> known.put(id, always(stepType(step))));
    return with(variables, STEPS, new ValueType.Struct(known));
  }

  CelTypes types() {
    CelTypes made = types;
    if (made == null) {
      made = CelTypes.of(variables());
      types = made;
    }
    return made;
  }

  private static ValueType stepType(KnownStep step) {
    Map<String, Field> fields = new LinkedHashMap<>();
    fields.put(OUTPUTS, always(step.outputs()));
    fields.put(DONE, always(BOOLEAN));
    return new ValueType.Struct(fields);
  }

  private static Field always(ValueType type) {
    return new Field(type, "", true, null);
  }

  private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
    Map<String, T> more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }
}
