package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.catalog.ValueType;
import dev.backout.runbook.expression.CelValues;
import dev.backout.runbook.expression.EvaluationException;
import dev.backout.runbook.expression.Programs;
import dev.backout.runbook.expression.TemplateText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of a plan can see at one moment of a run: {@code inputs.X}, {@code
 * steps.ID.outputs.X}, {@code steps.ID.done}, {@code run.id}, {@code run.target}, {@code
 * run.startedBy}, the variables of {@code each}, and {@code outputs} in {@code expect}, {@code
 * until} and {@code undo}. Immutable and deterministic: each {@code with…} gives a new scope.
 *
 * <p>Whatever has no value throws {@link EvaluationException}, whose message is for people.
 */
public final class Scope {
  private static final String INPUTS = "inputs";
  private static final String STEPS = "steps";
  private static final String RUN = "run";
  private static final String OUTPUTS = "outputs";

  private final Programs programs;
  private final Map<String, Object> variables;

  private Scope(Programs programs, Map<String, Object> variables) {
    this.programs = programs;
    this.variables = variables;
  }

  /**
   * Loads what the first expression would otherwise load, which can take a second on a busy
   * machine: more than a workflow may take for a turn. For a worker before it takes work.
   */
  public static void warmUp() {
    new Programs().get("[1].exists(x, x > 0) && '' != run", Set.of(RUN)).evaluate(Map.of(RUN, "x"));
  }

  /** Before the first step, with the plan's inputs. */
  public static Scope of(ExecutionPlan plan) {
    return of(plan, Json.MAPPER.valueToTree(plan.inputs()));
  }

  /**
   * Before the first step of a child runbook.
   *
   * @param given what the parent's step gives, rendered; the plan's inputs hold the defaults
   */
  public static Scope of(ExecutionPlan plan, JsonNode given) {
    ObjectNode inputs = Json.MAPPER.valueToTree(plan.inputs());
    given.properties().forEach(entry -> inputs.set(entry.getKey(), entry.getValue()));
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put(INPUTS, CelValues.toCel(inputs, plan.inputTypes()));
    variables.put(STEPS, Map.of());
    variables.put(RUN, Map.of("id", "", "target", plan.target(), "startedBy", ""));
    return new Scope(new Programs(), variables);
  }

  public Scope withRun(String id, String target, String startedBy) {
    return with(RUN, Map.of("id", id, "target", target, "startedBy", startedBy));
  }

  /** Where it isn't known yet which run it will be, and who starts it: {@code run} has no value. */
  public Scope withoutRun() {
    Map<String, Object> less = new LinkedHashMap<>(variables);
    less.remove(RUN);
    return new Scope(programs, less);
  }

  /**
   * After a step.
   *
   * @param done whether it was completed, and neither skipped nor given up
   * @param outputs null if there are none
   * @param types what the outputs are, as the plan says
   */
  public Scope withStep(
      String id, boolean done, @Nullable JsonNode outputs, ValueType.Struct types) {
    Map<Object, Object> steps =
        new LinkedHashMap<>((Map<?, ?>) variables.getOrDefault(STEPS, Map.of()));
    steps.put(id, Map.of("done", done, OUTPUTS, toCel(outputs, types)));
    return with(STEPS, steps);
  }

  /** Whether it is known what became of a step. */
  public boolean hasStep(String id) {
    return ((Map<?, ?>) variables.getOrDefault(STEPS, Map.of())).containsKey(id);
  }

  /** In the steps of an {@code each}. */
  public Scope withVariable(String name, JsonNode value, ValueType type) {
    return with(name, CelValues.toCel(value, type));
  }

  /** For {@code expect}, {@code until} and {@code undo}. */
  public Scope withOutputs(@Nullable JsonNode outputs, ValueType.Struct types) {
    return with(OUTPUTS, toCel(outputs, types));
  }

  /**
   * The template with every expression replaced by its value. A text that is one whole expression
   * keeps the value's type; durations and timestamps get their JSON text; a field whose optional
   * value is not there is left out.
   */
  public JsonNode render(JsonNode template) {
    JsonNode rendered = renderOrAbsent(template);
    return rendered == null ? JsonNodeFactory.instance.nullNode() : rendered;
  }

  /** The same for a single text, which stays one. */
  public String renderText(String template) {
    if (!TemplateText.hasExpression(template)) {
      return template;
    }
    StringBuilder text = new StringBuilder();
    for (TemplateText.Part part : TemplateText.parse(template).parts()) {
      if (part instanceof TemplateText.Text literal) {
        text.append(literal.text());
      } else if (part instanceof TemplateText.Cel cel) {
        text.append(textOf(CelValues.toJson(evaluate(cel.source()))));
      }
    }
    return text.toString();
  }

  /** Whether a condition holds. */
  public boolean test(String cel) {
    if (evaluate(cel) instanceof Boolean holds) {
      return holds;
    }
    throw new EvaluationException(
        "The expression `" + cel + "` must be true or false, and is `" + value(cel) + "`.");
  }

  /** The value of an expression. */
  public JsonNode value(String cel) {
    JsonNode json = CelValues.toJson(evaluate(cel));
    return json == null ? JsonNodeFactory.instance.nullNode() : json;
  }

  /** The elements that {@code each} goes through: a template that renders to a list. */
  public List<JsonNode> list(JsonNode template) {
    JsonNode rendered = render(template);
    if (!rendered.isArray()) {
      throw new EvaluationException(
          "`" + template.asText() + "` must be a list, and is `" + rendered + "`.");
    }
    List<JsonNode> elements = new ArrayList<>();
    rendered.forEach(elements::add);
    return List.copyOf(elements);
  }

  /**
   * The steps that the template speaks of and that this scope does not know yet: empty if it can be
   * rendered now.
   */
  public Set<String> waitsFor(JsonNode template) {
    Set<String> steps = new TreeSet<>();
    collectSteps(template, steps);
    steps.removeAll(((Map<?, ?>) variables.getOrDefault(STEPS, Map.of())).keySet());
    return steps;
  }

  /** The same for a condition. */
  public Set<String> conditionWaitsFor(String cel) {
    Set<String> steps = new TreeSet<>(ready(cel).steps());
    steps.removeAll(((Map<?, ?>) variables.getOrDefault(STEPS, Map.of())).keySet());
    return steps;
  }

  private void collectSteps(JsonNode template, Set<String> steps) {
    if (template.isTextual() && TemplateText.hasExpression(template.textValue())) {
      TemplateText.parse(template.textValue())
          .expressions()
          .forEach(cel -> steps.addAll(ready(cel).steps()));
    }
    template.forEach(child -> collectSteps(child, steps));
  }

  private @Nullable JsonNode renderOrAbsent(JsonNode template) {
    if (template.isObject()) {
      return renderObject(template);
    }
    if (template.isArray()) {
      return renderArray(template);
    }
    if (template.isTextual() && TemplateText.hasExpression(template.textValue())) {
      return renderTemplate(template.textValue());
    }
    return template;
  }

  private @Nullable JsonNode renderTemplate(String text) {
    TemplateText template = TemplateText.parse(text);
    return template.isWholeExpression()
        ? CelValues.toJson(evaluate(template.expressions().get(0)))
        : JsonNodeFactory.instance.textNode(renderText(text));
  }

  private ObjectNode renderObject(JsonNode template) {
    ObjectNode rendered = JsonNodeFactory.instance.objectNode();
    template
        .properties()
        .forEach(
            entry -> {
              JsonNode value = renderOrAbsent(entry.getValue());
              if (value != null) {
                rendered.set(entry.getKey(), value);
              }
            });
    return rendered;
  }

  private ArrayNode renderArray(JsonNode template) {
    ArrayNode rendered = JsonNodeFactory.instance.arrayNode();
    for (JsonNode element : template) {
      JsonNode value = renderOrAbsent(element);
      if (value != null) {
        rendered.add(value);
      }
    }
    return rendered;
  }

  private Object evaluate(String cel) {
    Programs.Ready ready = ready(cel);
    Set<String> unknown = conditionWaitsFor(cel);
    if (!unknown.isEmpty()) {
      throw new EvaluationException(
          "The expression `"
              + cel
              + "` needs what `"
              + String.join("`, `", unknown)
              + "` gives, and that has not run.");
    }
    return ready.evaluate(variables);
  }

  private Programs.Ready ready(String cel) {
    return programs.get(cel, variables.keySet());
  }

  private static Object toCel(@Nullable JsonNode outputs, ValueType.Struct types) {
    return outputs == null || outputs.isNull() ? Map.of() : CelValues.toCel(outputs, types);
  }

  private static String textOf(@Nullable JsonNode json) {
    if (json == null || json.isNull()) {
      return "";
    }
    return json.isValueNode() ? json.asText() : json.toString();
  }

  private Scope with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new Scope(programs, more);
  }
}
