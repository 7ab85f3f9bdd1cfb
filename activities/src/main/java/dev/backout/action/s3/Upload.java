package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.Amounts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * What is to be stored, and how.
 *
 * @param partSize in bytes; what is longer goes in parts
 * @param onlyIfAbsent whether the server is to refuse it where there is an object by then
 * @param abandonedAfter when an unfinished upload to the same key is nobody's any more
 * @param retain how long it is to be kept; null for as long as the bucket says
 */
record Upload(
    Bucket bucket,
    String key,
    LocalFile file,
    boolean onlyIfAbsent,
    long partSize,
    Duration abandonedAfter,
    @Nullable Duration retain,
    RetentionMode mode) {
  private static final String TYPE = "application/octet-stream";
  static final String ANY = "*";

  /**
   * What was done.
   *
   * @param parts 1 where it went in one piece
   * @param takenOver how many of them an earlier attempt had brought there
   */
  record Done(@Nullable String versionId, int parts, int takenOver) {}

  /** The same, whatever is there. */
  Upload unconditional() {
    return new Upload(bucket, key, file, false, partSize, abandonedAfter, retain, mode);
  }

  Done put(ActionContext context) throws ActionException, IOException {
    return file.size() <= partSize ? whole(context) : new Parts(this, context).put();
  }

  private Done whole(ActionContext context) throws ActionException {
    context.heartbeat("uploading " + Amounts.text(file.size()));
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(bucket.name())
            .key(key)
            .contentType(TYPE)
            .metadata(metadata())
            .checksumSHA256(Sums.base64(file.sha256()));
    if (retain != null) {
      request.objectLockMode(lock()).objectLockRetainUntilDate(retainUntil());
    }
    if (onlyIfAbsent) {
      request.ifNoneMatch(ANY);
    }
    PutObjectResponse stored =
        bucket.ask(
            "Could not put " + bucket.url(key),
            client -> client.putObject(request.build(), body(0, file.size())));
    return new Done(Stored.version(stored.versionId()), 1, 0);
  }

  RequestBody body(long from, long length) {
    return RequestBody.fromContentProvider(() -> file.part(from, length), length, TYPE);
  }

  Map<String, String> metadata() {
    return Map.of(Stored.SHA256, file.sha256(), Stored.TAKEN_AT, file.modified().toString());
  }

  ObjectLockMode lock() {
    return ObjectLockMode.fromValue(mode.name().toUpperCase(Locale.ROOT));
  }

  @Nullable Instant retainUntil() {
    return retain == null ? null : Instant.now().plus(retain).truncatedTo(ChronoUnit.SECONDS);
  }
}
