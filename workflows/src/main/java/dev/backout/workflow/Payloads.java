package dev.backout.workflow;

import dev.backout.plan.Json;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;

/** How values travel: client, worker and reader of histories must all use this one converter. */
public final class Payloads {
  public static final DataConverter CONVERTER =
      DefaultDataConverter.newDefaultInstance()
          .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(Json.MAPPER));

  private Payloads() {}
}
