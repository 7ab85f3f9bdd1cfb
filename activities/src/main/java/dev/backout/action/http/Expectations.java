package dev.backout.action.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.web.Answer;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must be true of an answer, in CEL over {@code status, headers, text, json, latency}. */
final class Expectations {
  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .evaluateCanonicalTypesToNativeValues(true)
          .comprehensionMaxIterations(1_000_000)
          .build();
  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("status", SimpleType.INT)
          .addVar("headers", MapType.create(SimpleType.STRING, SimpleType.STRING))
          .addVar("text", SimpleType.STRING)
          .addVar("json", SimpleType.DYN)
          .addVar("latency", SimpleType.DURATION)
          .setResultType(SimpleType.BOOL)
          .build();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Map<String, CelRuntime.Program> programs = new LinkedHashMap<>();

  /**
   * @throws ActionException if one is not an expression that is true or false
   */
  Expectations(List<String> expressions) throws ActionException {
    for (String expression : expressions) {
      try {
        programs.put(expression, RUNTIME.createProgram(COMPILER.compile(expression).getAst()));
      } catch (CelValidationException | CelEvaluationException e) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            "expect has `"
                + expression
                + "`, which can't be used: "
                + e.getMessage()
                + "\nWrite a condition over status, headers, text, json and latency, such as"
                + " json.status == 'ok'.",
            e);
      }
    }
  }

  /** Why the answer is not as expected, of the first that isn't; null if it is. */
  @Nullable String unmet(Answer answer) {
    if (programs.isEmpty()) {
      return null;
    }
    JsonNode json = parse(answer.text());
    Map<String, Object> variables =
        Map.of(
            "status", (long) answer.status(),
            "headers", answer.headers(),
            "text", answer.text(),
            "json", json == null ? NullValue.NULL_VALUE : value(json),
            "latency", answer.latency());
    for (Map.Entry<String, CelRuntime.Program> program : programs.entrySet()) {
      String problem = unmet(program.getKey(), program.getValue(), variables);
      if (problem != null) {
        return json == null ? problem + "; the body is not JSON" : problem;
      }
    }
    return null;
  }

  private static @Nullable String unmet(
      String expression, CelRuntime.Program program, Map<String, Object> variables) {
    try {
      return Boolean.TRUE.equals(program.eval(variables))
          ? null
          : "expected `" + expression + "`, which is false";
    } catch (CelEvaluationException e) {
      return "expected `" + expression + "`, which can't be said: " + e.getMessage();
    }
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return json == null || json.isMissingNode() ? null : json;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static Object value(JsonNode json) {
    if (json.isObject()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      json.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
      return fields;
    }
    if (json.isArray()) {
      List<Object> elements = new ArrayList<>();
      json.forEach(element -> elements.add(value(element)));
      return elements;
    }
    return scalar(json);
  }

  private static Object scalar(JsonNode json) {
    if (json.isTextual()) {
      return json.textValue();
    }
    if (json.isBoolean()) {
      return json.booleanValue();
    }
    if (json.isNumber()) {
      return json.canConvertToLong() && json.isIntegralNumber()
          ? (Object) json.longValue()
          : (Object) json.doubleValue();
    }
    return NullValue.NULL_VALUE;
  }
}
