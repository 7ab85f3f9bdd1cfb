package dev.backout.action.s3;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What a server says of an object without giving it.
 *
 * @param versionId null in a bucket without versions
 * @param size in bytes
 * @param takenAt when the file was last written to that was put, where {@code s3.put} put it; else
 *     when it was put
 * @param noted the SHA-256 that was written beside it when it was put; null if none was
 * @param server the SHA-256 that the server keeps of all of it; null if it keeps none
 * @param retention null if it may be deleted
 */
record Stored(
    String key,
    @Nullable String versionId,
    long size,
    Instant uploadedAt,
    Instant takenAt,
    @Nullable String noted,
    @Nullable String server,
    @Nullable Retention retention) {
  static final String SHA256 = "sha256";
  static final String TAKEN_AT = "taken-at";

  /** Empty if there is no such object, in a bucket that there is. */
  static Optional<Stored> find(Bucket bucket, String key) throws ActionException {
    String what = "Could not look at " + bucket.url(key);
    return bucket.ask(
        what,
        client -> {
          try {
            return Optional.of(
                of(
                    key,
                    client.headObject(
                        r -> r.bucket(bucket.name()).key(key).checksumMode(ChecksumMode.ENABLED))));
          } catch (S3Exception e) {
            if (e.statusCode() != 404) {
              throw e;
            }
            // A missing bucket gives the same answer, and this one names it.
            client.listObjectsV2(r -> r.bucket(bucket.name()).prefix(key).maxKeys(1));
            return Optional.empty();
          }
        });
  }

  /**
   * @param versionId null for the newest
   */
  static Stored get(Bucket bucket, String key, @Nullable String versionId) throws ActionException {
    if (key.isBlank()) {
      throw new ActionException(Kind.INVALID_INPUT, "The object has no key. Name it.");
    }
    String which = bucket.url(key) + (versionId == null ? "" : " in version " + versionId);
    return bucket.ask(
        "Could not look at " + which,
        client ->
            of(
                key,
                client.headObject(
                    r ->
                        r.bucket(bucket.name())
                            .key(key)
                            .versionId(versionId)
                            .checksumMode(ChecksumMode.ENABLED))));
  }

  private static Stored of(String key, HeadObjectResponse head) {
    Map<String, String> metadata = head.metadata();
    return new Stored(
        key,
        version(head.versionId()),
        head.contentLength(),
        head.lastModified(),
        takenAt(metadata.get(TAKEN_AT), head.lastModified()),
        hexadecimal(metadata.get(SHA256)),
        whole(head),
        Retention.of(head));
  }

  /** {@code null} is the name of the one version in a bucket that keeps none. */
  static @Nullable String version(@Nullable String id) {
    return id == null || id.equals("null") ? null : id;
  }

  private static Instant takenAt(@Nullable String noted, Instant uploaded) {
    try {
      return noted == null ? uploaded : Instant.parse(noted);
    } catch (DateTimeParseException e) {
      return uploaded;
    }
  }

  private static @Nullable String hexadecimal(@Nullable String text) {
    return text != null && text.matches("[0-9a-fA-F]{64}")
        ? text.toLowerCase(java.util.Locale.ROOT)
        : null;
  }

  /** Of an object that was put in parts a server knows only a sum of sums. */
  private static @Nullable String whole(HeadObjectResponse head) {
    String sum = head.checksumSHA256();
    if (sum == null || sum.contains("-") || head.checksumType() == ChecksumType.COMPOSITE) {
      return null;
    }
    return HexFormat.of().formatHex(Base64.getDecoder().decode(sum));
  }
}
