package dev.backout.proof;

import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus;
import dev.backout.workflow.Admission;
import dev.backout.workflow.AdmissionActivity;
import dev.backout.workflow.AdmissionRequest;
import io.temporal.api.history.v1.HistoryEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a history says of its run's start. */
final class StartRecord {
  private static final String LOCAL_ACTIVITY = "LocalActivity";

  @Nullable AdmissionRequest asked;
  @Nullable Admission answer;
  @Nullable Instant askedAt;
  long askedIn;
  RunStatus.@Nullable Admission admission;
  long admittedIn;

  void reads(HistoryEvent event, @Nullable RunEvent happened) {
    if (happened instanceof RunEvent.Admitted admitted) {
      admission = admitted.admission();
      admittedIn = event.getEventId();
    }
    if (!event.hasMarkerRecordedEventAttributes()) {
      return;
    }
    var marker = event.getMarkerRecordedEventAttributes();
    if (marker.getMarkerName().equals(LOCAL_ACTIVITY)
        && AdmissionActivity.TYPE.equals(
            Read.first(marker.getDetailsOrDefault("type", Read.NONE), String.class))) {
      asked = Read.first(marker.getDetailsOrDefault("input", Read.NONE), AdmissionRequest.class);
      answer = Read.first(marker.getDetailsOrDefault("result", Read.NONE), Admission.class);
      askedAt = Read.at(event);
      askedIn = event.getEventId();
    }
  }
}
