package dev.backout.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;
import java.util.Map;

/**
 * The one form in which Backout's records are written: durations in ISO-8601, instants in RFC 3339,
 * no nulls. Reading, it passes over what it doesn't know and takes a missing list or map as empty,
 * so that old plans and histories stay readable.
 */
public final class Json {
  public static final JsonMapper MAPPER = mapper();

  private Json() {}

  /** The value as JSON in one form only, the same on every machine: what is signed or hashed. */
  public static String canonical(Object value) {
    return CanonicalJson.of(MAPPER.valueToTree(value));
  }

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new ValueTypeModule())
            // The actions' side writes its words in lower case.
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();
    JsonSetter.Value emptyForMissing = JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
    mapper.configOverride(List.class).setSetterInfo(emptyForMissing);
    mapper.configOverride(Map.class).setSetterInfo(emptyForMissing);
    return mapper;
  }
}
