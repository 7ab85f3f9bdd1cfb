package dev.backout.action;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionException.Kind;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Inputs out of JSON, strictly, with their defaults; outputs into JSON. */
final class ActionJson {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new ValueModule())
          .annotationIntrospector(new EnumWords())
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  private ActionJson() {}

  /**
   * @throws ActionException of kind INVALID_INPUT, naming the field, what was expected and what was
   *     found
   */
  static <I extends Record> I read(JsonNode json, Class<I> type, String action)
      throws ActionException {
    if (!json.isObject()) {
      throw invalid(action, "the input must be an object, and is " + json, null);
    }
    JsonNode complete = withDefaults((ObjectNode) json.deepCopy(), type);
    for (RecordComponent component : type.getRecordComponents()) {
      if (isRequired(component) && !complete.hasNonNull(component.getName())) {
        throw invalid(action, "`" + component.getName() + "` is missing", null);
      }
    }
    try {
      return MAPPER.treeToValue(complete, type);
    } catch (JsonProcessingException e) {
      throw invalid(action, sentence(e), e);
    }
  }

  static JsonNode write(Record output) {
    return MAPPER.valueToTree(output);
  }

  static boolean isRequired(RecordComponent component) {
    Doc doc = component.getAnnotation(Doc.class);
    return !isNullable(component) && (doc == null || doc.defaultValue().isEmpty());
  }

  /** What a default written as in YAML is in JSON. */
  static JsonNode defaultOf(Doc doc) {
    return MAPPER.valueToTree(
        new Load(LoadSettings.builder().build()).loadFromString(doc.defaultValue()));
  }

  private static JsonNode withDefaults(ObjectNode json, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      Doc doc = component.getAnnotation(Doc.class);
      if (!json.hasNonNull(component.getName()) && doc != null && !doc.defaultValue().isEmpty()) {
        json.set(component.getName(), defaultOf(doc));
      }
      if (component.getType().isRecord()
          && json.get(component.getName()) instanceof ObjectNode nested) {
        withDefaults(nested, component.getType());
      }
    }
    return json;
  }

  private static boolean isNullable(RecordComponent component) {
    AnnotatedType type = component.getAnnotatedType();
    return type.isAnnotationPresent(Nullable.class);
  }

  private static ActionException invalid(String action, String problem, @Nullable Throwable cause) {
    String message =
        "The input of "
            + action
            + " is wrong: "
            + problem
            + ". Nothing was touched; correct the step's `with`.";
    return cause == null
        ? new ActionException(Kind.INVALID_INPUT, message)
        : new ActionException(Kind.INVALID_INPUT, message, cause);
  }

  private static String sentence(JsonProcessingException problem) {
    if (problem instanceof UnrecognizedPropertyException unknown) {
      return "there is no `"
          + path(unknown)
          + "`; there are "
          + unknown.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", "));
    }
    if (problem instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return "`"
          + path(format)
          + "` must be one of "
          + Arrays.stream(format.getTargetType().getEnumConstants())
              .map(constant -> ValueModule.word((Enum<?>) constant))
              .collect(Collectors.joining(", "))
          + ", and is '"
          + format.getValue()
          + "'";
    }
    String what = problem.getOriginalMessage().lines().findFirst().orElse("it can't be read");
    return problem instanceof JsonMappingException mapping
        ? "`" + path(mapping) + "`: " + what
        : what;
  }

  private static String path(JsonMappingException problem) {
    return problem.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }
}
