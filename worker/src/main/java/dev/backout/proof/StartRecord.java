package dev.backout.proof;

import dev.backout.history.HistoryReader;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus;
import dev.backout.history.StatusFold;
import dev.backout.workflow.Admission;
import dev.backout.workflow.AdmissionActivity;
import dev.backout.workflow.AdmissionRequest;
import io.temporal.api.history.v1.HistoryEvent;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a history says of its run's start. */
final class StartRecord implements HistoryReader.Companion {
  private static final String LOCAL_ACTIVITY = "LocalActivity";

  @Nullable AdmissionRequest asked;
  @Nullable Admission answer;
  @Nullable Instant askedAt;
  long askedIn;
  RunStatus.@Nullable Admission admission;
  long admittedIn;

  /**
   * @param takenAlong what a run says in a later history that it was admitted with; null in the
   *     first
   */
  StartRecord(@Nullable Admission takenAlong) {
    answer = takenAlong;
  }

  @Override
  public void remembers(RunEvent happened, StatusFold before) {
    if (happened instanceof RunEvent.Admitted admitted) {
      admission = admitted.admission();
      askedAt = admitted.at();
    }
  }

  @Override
  public void reads(HistoryEvent event, Optional<RunEvent> happened, StatusFold before) {
    if (happened.orElse(null) instanceof RunEvent.Admitted admitted) {
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
