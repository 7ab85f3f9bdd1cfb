package dev.backout.action.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a query gave: for each set of labels its values, of which an instant query has one. Values
 * are numbers; what isn't one is refused or left out, and said.
 */
record Measured(Map<Map<String, String>, List<Double>> series, List<String> warnings) {

  /**
   * @throws ActionException if it isn't made of numbers over time
   */
  static Measured of(JsonNode answer) throws ActionException {
    List<String> warnings = new ArrayList<>();
    answer.path("warnings").forEach(each -> warnings.add(each.asText()));
    JsonNode data = answer.path("data");
    Map<Map<String, String>, List<Double>> series = new LinkedHashMap<>();
    switch (data.path("resultType").asText()) {
      case "scalar" -> series.put(Map.of(), List.of(number(data.path("result"))));
      case "vector" -> {
        for (JsonNode each : data.path("result")) {
          series.put(labels(each), List.of(number(each.path("value"))));
        }
      }
      case "matrix" -> {
        for (JsonNode each : data.path("result")) {
          List<Double> values = new ArrayList<>();
          each.path("values").forEach(value -> values.add(number(value)));
          series.put(labels(each), values);
        }
      }
      default ->
          throw new ActionException(
              Kind.INVALID_INPUT,
              "The query gives a "
                  + data.path("resultType").asText("result of no type")
                  + ", and numbers were expected. Correct `query`.");
    }
    return new Measured(series, warnings);
  }

  private static Map<String, String> labels(JsonNode series) {
    Map<String, String> labels = new TreeMap<>();
    series
        .path("metric")
        .properties()
        .forEach(each -> labels.put(each.getKey(), each.getValue().asText()));
    return labels;
  }

  /** Of a pair of a time and a text. A series that is a histogram itself has no such pair. */
  private static double number(JsonNode pair) {
    return switch (pair.path(1).asText()) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN", "" -> Double.NaN;
      default -> Double.parseDouble(pair.path(1).asText());
    };
  }
}
