package dev.backout.workflow;

import dev.backout.history.HistoryReader;
import dev.backout.history.RunEvent;
import dev.backout.history.StatusFold;
import dev.backout.history.Telling;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.MarkerRecordedEventAttributes;
import io.temporal.common.converter.DataConverter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom a run tells, and how much it has told, as its history says. */
final class WhoIsTold implements HistoryReader.Companion {
  private static final String LOCAL_ACTIVITY = "LocalActivity";

  private final DataConverter converter;
  private final RunRequest request;
  private @Nullable Admission admission;
  private List<Channel> ofWorker = List.of();
  private boolean letIn;
  private int told;
  private RunEvent.@Nullable RunFinished end;

  /**
   * @param from what the run took along into this history; null in its first
   */
  WhoIsTold(DataConverter converter, RunRequest request, @Nullable Continuation from) {
    this.converter = converter;
    this.request = request;
    if (from != null) {
      admission = from.admission();
      ofWorker = from.channels();
      letIn = true;
      told = from.told();
    }
  }

  @Override
  public void reads(HistoryEvent event, Optional<RunEvent> happened, StatusFold before) {
    if (happened.orElse(null) instanceof RunEvent.RunFinished finished) {
      end = finished;
    } else if (event.hasMarkerRecordedEventAttributes()) {
      admitted(event.getMarkerRecordedEventAttributes());
    } else if (event.hasActivityTaskScheduledEventAttributes()) {
      var scheduled = event.getActivityTaskScheduledEventAttributes();
      if (scheduled.getActivityType().getName().equals(Telling.ACTIVITY)) {
        told = Math.max(told, number(value(scheduled.getInput(), Telling.class).eventId()));
      }
    }
  }

  private void admitted(MarkerRecordedEventAttributes marker) {
    Payloads none = Payloads.getDefaultInstance();
    Payloads type = marker.getDetailsOrDefault("type", none);
    Payloads result = marker.getDetailsOrDefault("result", none);
    if (marker.getMarkerName().equals(LOCAL_ACTIVITY)
        && type.getPayloadsCount() > 0
        && result.getPayloadsCount() > 0
        && value(type, String.class).equals(AdmissionActivity.TYPE)) {
      Admission given = value(result, Admission.class);
      admission = given.withoutChannels();
      ofWorker = given.channels();
      letIn = true;
    }
  }

  private <T> T value(Payloads payloads, Class<T> type) {
    return converter.fromPayloads(0, Optional.of(payloads), type, type);
  }

  private static int number(String eventId) {
    return Integer.parseInt(eventId.substring(eventId.lastIndexOf('/') + 1));
  }

  /** Nobody, where it was not let in. */
  List<Channel> channels() {
    if (!letIn) {
      return List.of();
    }
    List<Channel> all = new ArrayList<>(ofWorker);
    request.plan().notifications().forEach(each -> all.add(Channel.of(each)));
    return List.copyOf(all);
  }

  @Nullable Admission admission() {
    return admission;
  }

  int told() {
    return told;
  }

  /** Null while it goes on. */
  RunEvent.@Nullable RunFinished end() {
    return end;
  }
}
