package dev.backout.history;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.backout.plan.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What a run's earlier histories tell, as its newest one holds it: a long run goes on in a new
 * history, and is one run all the same.
 *
 * @param runId Temporal's id of the first of them, by which people know the run
 * @param startedAt when that began
 * @param events all events before this history: JSON, compressed by gzip, in Base64
 */
public record Chronicle(String runId, Instant startedAt, String events) {
  private static final TypeReference<List<RunEvent>> EVENTS = new TypeReference<>() {};

  public static Chronicle of(String runId, Instant startedAt, List<RunEvent> events) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      Json.MAPPER.writerFor(EVENTS).writeValue(zipped, events);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Chronicle(runId, startedAt, Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }

  /** In their order. */
  public List<RunEvent> read() {
    try (GZIPInputStream plain =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(events)))) {
      return Json.MAPPER.readerFor(EVENTS).readValue(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "What the run's earlier histories tell can't be read from its newest one", e);
    }
  }
}
