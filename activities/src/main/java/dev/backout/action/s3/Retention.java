package dev.backout.action.s3;

import dev.backout.action.Doc;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

/** What keeps an object from being deleted. */
public record Retention(
    @Doc(
            "`governance`, which some may lift, or `compliance`, which nobody may; absent if it has no end of its own.")
        @Nullable String mode,
    @Doc("Until when it is kept; absent if only a legal hold keeps it.") @Nullable Instant until,
    @Doc("Whether it is also kept until somebody lifts a legal hold.") boolean legalHold) {

  static @Nullable Retention of(HeadObjectResponse head) {
    boolean hold = head.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON;
    Instant until = head.objectLockRetainUntilDate();
    if (until == null && !hold) {
      return null;
    }
    String mode = head.objectLockModeAsString();
    return new Retention(mode == null ? null : mode.toLowerCase(Locale.ROOT), until, hold);
  }

  String text() {
    return (until == null ? "" : "kept until " + until + " (" + mode + ")")
        + (until != null && legalHold ? ", and " : "")
        + (legalHold ? "under a legal hold" : "");
  }
}
