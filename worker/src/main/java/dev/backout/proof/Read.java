package dev.backout.proof;

import dev.backout.history.Payloads;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.converter.DataConverterException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values out of Temporal's events. */
final class Read {
  static final io.temporal.api.common.v1.Payloads NONE =
      io.temporal.api.common.v1.Payloads.getDefaultInstance();

  private Read() {}

  /** Null for what is no such value: then nothing is known of it. */
  static <T> @Nullable T first(io.temporal.api.common.v1.Payloads payloads, Class<T> type) {
    if (payloads.getPayloadsCount() == 0) {
      return null;
    }
    try {
      return Payloads.CONVERTER.fromPayloads(0, Optional.of(payloads), type, type);
    } catch (DataConverterException e) {
      return null;
    }
  }

  static Instant at(HistoryEvent event) {
    return Instant.ofEpochSecond(
        event.getEventTime().getSeconds(), event.getEventTime().getNanos());
  }
}
