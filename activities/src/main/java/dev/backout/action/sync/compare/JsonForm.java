package dev.backout.action.sync.compare;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * JSON without what says nothing: spaces, the order of an object's names, how a number is written.
 */
final class JsonForm {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(200_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonForm() {}

  /** Whether it is JSON. */
  static boolean put(String text, Encoding to) {
    try {
      JsonNode json = MAPPER.readTree(text);
      if (json.isMissingNode()) {
        return false;
      }
      StringBuilder form = new StringBuilder();
      append(json, form);
      to.named('j', form.toString());
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static void append(JsonNode json, StringBuilder form) {
    if (json.isObject()) {
      List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(json.properties());
      fields.sort(Map.Entry.comparingByKey());
      form.append('{');
      for (Map.Entry<String, JsonNode> field : fields) {
        quote(field.getKey(), form);
        append(field.getValue(), form);
      }
      form.append('}');
    } else if (json.isArray()) {
      form.append('[');
      json.forEach(each -> append(each, form));
      form.append(']');
    } else if (json.isNumber()) {
      BigDecimal value = json.decimalValue();
      BigDecimal bare = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
      form.append(bare.unscaledValue()).append('e').append(-bare.scale()).append(',');
    } else if (json.isTextual()) {
      quote(json.textValue(), form);
    } else {
      form.append(json.asText()).append(',');
    }
  }

  private static void quote(String text, StringBuilder form) {
    form.append('"').append(text.length()).append(':').append(text);
  }
}
