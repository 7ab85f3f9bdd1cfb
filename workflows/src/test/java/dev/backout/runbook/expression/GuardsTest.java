package dev.backout.runbook.expression;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.Field;
import dev.backout.catalog.ValueType.Scalar;
import dev.backout.catalog.ValueType.ScalarKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the check lets through has a value in every state that a run can be in. */
class GuardsTest {
  private static final Field TEXT = new Field(new Scalar(ScalarKind.STRING), "", true, null);
  private static final Field OPTIONAL = new Field(new Scalar(ScalarKind.STRING), "", false, null);
  private static final Field FLAG = new Field(new Scalar(ScalarKind.BOOLEAN), "", true, null);
  private static final ValueType.Struct OUTPUTS =
      new ValueType.Struct(Map.of("path", TEXT, "note", OPTIONAL));
  private static final List<String> ATOMS =
      List.of(
          "inputs.on",
          "inputs.off",
          "steps.a.done",
          "steps.b.done",
          "has(inputs.label)",
          "has(steps.a.outputs.path)",
          "has(steps.b.outputs.note)",
          "steps.a.outputs.path == 'x'",
          "steps.b.outputs.path == 'x'",
          "steps.b.outputs.note == 'x'",
          "inputs.label == 'x'",
          "inputs.?label.orValue('') == 'x'",
          "steps.b.outputs.?note.hasValue()",
          "[1, 2].exists(i, steps.a.done)",
          "[1, 2].all(i, steps.a.outputs.path != 'x')");

  /** {@code a} runs when {@code inputs.on}; {@code b} when {@code a} is done, and may fail. */
  private static final Names NAMES = names();

  @Test
  void what_passes_the_check_never_lacks_a_value() {
    Random random = new Random(7);
    Programs programs = new Programs();
    int passed = 0;
    int refused = 0;
    for (int i = 0; i < 1_500; i++) {
      String cel = condition(random, 3);
      if (ExpressionChecker.check(cel, NAMES).problems().isEmpty()) {
        passed++;
        evaluateEverywhere(cel, programs);
      } else {
        refused++;
      }
    }
    assertTrue(passed > 200 && refused > 200, passed + " passed, " + refused + " refused");
  }

  private static void evaluateEverywhere(String cel, Programs programs) {
    for (int bits = 0; bits < 64; bits++) {
      boolean on = (bits & 1) != 0;
      boolean aDone = on;
      boolean bDone = aDone && (bits & 2) != 0;
      Map<String, Object> state =
          Map.of(
              "inputs", inputs(on, (bits & 4) != 0, (bits & 8) != 0),
              "run", Map.of(),
              "steps",
                  Map.of("a", step(aDone, (bits & 16) != 0), "b", step(bDone, (bits & 32) != 0)));
      try {
        programs.get(cel, state.keySet()).evaluate(state);
      } catch (EvaluationException e) {
        fail("It passed the check: " + cel + "\nin " + state + "\n" + e.getMessage());
      }
    }
  }

  private static Map<String, Object> inputs(boolean on, boolean off, boolean label) {
    Map<String, Object> inputs = new HashMap<>(Map.of("on", on, "off", off));
    if (label) {
      inputs.put("label", "x");
    }
    return inputs;
  }

  private static Map<String, Object> step(boolean done, boolean note) {
    Map<String, Object> outputs = new HashMap<>();
    if (done) {
      outputs.put("path", "x");
      if (note) {
        outputs.put("note", "y");
      }
    }
    return Map.of("done", done, "outputs", outputs);
  }

  private static String condition(Random random, int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return ATOMS.get(random.nextInt(ATOMS.size()));
    }
    String left = condition(random, depth - 1);
    String right = condition(random, depth - 1);
    return switch (random.nextInt(4)) {
      case 0 -> "(" + left + " && " + right + ")";
      case 1 -> "(" + left + " || " + right + ")";
      case 2 -> "!(" + left + ")";
      default -> "(" + left + " ? " + right + " : " + condition(random, depth - 1) + ")";
    };
  }

  private static Names names() {
    Names start =
        Names.of(new ValueType.Struct(Map.of("on", FLAG, "off", FLAG, "label", OPTIONAL)));
    Facts on = ExpressionChecker.check("inputs.on", start).whenTrue();
    Names withA = start.withStep("a", OUTPUTS, on);
    Facts aDone = ExpressionChecker.check("steps.a.done", withA).whenTrue();
    return withA.withStep("b", OUTPUTS, aDone.and(Facts.succeeded("b")));
  }
}
