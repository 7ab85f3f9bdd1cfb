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
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionException.Kind;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
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
    JsonNode complete = json.deepCopy();
    try {
      complete(complete, type, "");
    } catch (Incomplete e) {
      throw invalid(action, e.getMessage(), null);
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

  /** What a field may not be, found before Jackson sees it. */
  private static final class Incomplete extends Exception {
    private static final long serialVersionUID = 1L;

    Incomplete(String problem) {
      super(problem);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /**
   * Puts in the defaults wherever the schema promises them: in the input, and in the records that
   * its fields, lists and maps hold.
   */
  private static void complete(@Nullable JsonNode json, Type type, String path) throws Incomplete {
    if (type instanceof Class<?> plain && plain.isRecord() && json instanceof ObjectNode fields) {
      for (RecordComponent component : plain.getRecordComponents()) {
        complete(fields, component, path.isEmpty() ? "" : path + ".");
      }
    }
    if (type instanceof ParameterizedType generic && json instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        completeElement(list.get(i), generic.getActualTypeArguments()[0], path + "[" + i + "]");
      }
    }
    if (type instanceof ParameterizedType generic && json instanceof ObjectNode map) {
      for (Map.Entry<String, JsonNode> entry : map.properties()) {
        completeElement(
            entry.getValue(), generic.getActualTypeArguments()[1], path + "." + entry.getKey());
      }
    }
  }

  private static void complete(ObjectNode fields, RecordComponent component, String prefix)
      throws Incomplete {
    String name = component.getName();
    Doc doc = component.getAnnotation(Doc.class);
    if (!fields.hasNonNull(name) && doc != null && !doc.defaultValue().isEmpty()) {
      fields.set(name, defaultOf(doc));
    }
    if (!fields.hasNonNull(name) && isRequired(component)) {
      throw new Incomplete("`" + prefix + name + "` is missing");
    }
    complete(fields.get(name), component.getGenericType(), prefix + name);
  }

  private static void completeElement(JsonNode element, Type type, String path) throws Incomplete {
    if (element.isNull() && type != Object.class && type != JsonNode.class) {
      throw new Incomplete("`" + path + "` must have a value, and has none");
    }
    complete(element, type, path);
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
