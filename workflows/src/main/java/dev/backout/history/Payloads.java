package dev.backout.history;

import dev.backout.plan.Json;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;

/** How Backout's records travel in Temporal's payloads. Client and worker must use the same. */
public final class Payloads {
  public static final DataConverter CONVERTER =
      DefaultDataConverter.newDefaultInstance()
          .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(Json.MAPPER));

  private Payloads() {}
}
