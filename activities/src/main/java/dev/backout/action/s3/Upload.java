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
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

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
  private static final String ANY = "*";
  private static final int NOT_IMPLEMENTED = 501;

  /** As a server answers that knows the condition. */
  static final int OCCUPIED = 412;

  /**
   * What was done.
   *
   * @param parts 1 where it went in one piece
   * @param takenOver how many of them an earlier attempt had brought there
   */
  record Done(@Nullable String versionId, int parts, int takenOver) {}

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
    PutObjectResponse stored =
        ifAbsent(
            "Could not put " + bucket.url(key),
            (client, condition) ->
                client.putObject(request.ifNoneMatch(condition).build(), body(0, file.size())));
    return new Done(Stored.version(stored.versionId()), 1, 0);
  }

  /** A request that makes the object. */
  interface Last<T> {
    /**
     * @param ifNoneMatch the header of that name; null for none
     */
    T send(S3Client client, @Nullable String ifNoneMatch);
  }

  /**
   * Sends what makes the object, so that it replaces none unless it may. Where the server doesn't
   * know that condition, one look right before takes its place: what somebody puts there within
   * that moment is replaced.
   */
  <T> T ifAbsent(String what, Last<T> request) throws ActionException {
    if (!onlyIfAbsent) {
      return bucket.ask(what, client -> request.send(client, null));
    }
    try {
      return bucket.ask(what, client -> request.send(client, ANY));
    } catch (ActionException e) {
      if (Refusals.status(e) != NOT_IMPLEMENTED) {
        throw e;
      }
      if (Stored.find(bucket, key).isPresent()) {
        throw bucket.refusal(what, S3Exception.builder().statusCode(OCCUPIED).build());
      }
      return bucket.ask(what, client -> request.send(client, null));
    }
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
