package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * Uploads to the same key that have begun and not ended. A server says nothing of whose they are;
 * one whose first part is that of this file, by its SHA-256, is an earlier attempt at the same.
 */
final class Unfinished {
  private final Upload upload;
  private final Bucket bucket;
  private final long partSize;
  private final ActionContext context;

  Unfinished(Upload upload, long partSize, ActionContext context) {
    this.upload = upload;
    this.bucket = upload.bucket();
    this.partSize = partSize;
    this.context = context;
  }

  /**
   * An upload to go on with.
   *
   * @param id empty if there is none
   * @param parts what has arrived, by number
   */
  record Taken(String id, Map<Integer, Part> parts) {}

  /** Looks for one, and aborts those that are too old to be anybody's. */
  Taken takeUp() throws IOException {
    Instant oldest = Instant.now().minus(upload.abandonedAfter());
    for (MultipartUpload each : listed()) {
      if (each.initiated() != null && each.initiated().isBefore(oldest)) {
        abort(each.uploadId());
        continue;
      }
      Map<Integer, Part> parts = parts(each.uploadId());
      if (isOfThisFile(parts)) {
        return new Taken(each.uploadId(), parts);
      }
    }
    return new Taken("", Map.of());
  }

  /** Newest first; none where the server or the key's rights don't let them be listed. */
  private List<MultipartUpload> listed() {
    try {
      return bucket.ask(
          "",
          client ->
              client
                  .listMultipartUploadsPaginator(r -> r.bucket(bucket.name()).prefix(upload.key()))
                  .uploads()
                  .stream()
                  .filter(each -> each.key().equals(upload.key()))
                  .sorted(
                      Comparator.comparing(
                              MultipartUpload::initiated,
                              Comparator.nullsFirst(Comparator.naturalOrder()))
                          .reversed())
                  .toList());
    } catch (ActionException e) {
      return List.of();
    }
  }

  private Map<Integer, Part> parts(String id) {
    Map<Integer, Part> parts = new TreeMap<>();
    try {
      bucket.ask(
          "",
          client -> {
            client
                .listPartsPaginator(r -> r.bucket(bucket.name()).key(upload.key()).uploadId(id))
                .parts()
                .forEach(part -> parts.put(part.partNumber(), part));
            return parts;
          });
      return parts;
    } catch (ActionException e) {
      return Map.of();
    }
  }

  private boolean isOfThisFile(Map<Integer, Part> parts) throws IOException {
    Part first = parts.get(1);
    long length = Math.min(partSize, upload.file().size());
    if (first == null || first.size() != length) {
      return false;
    }
    MessageDigest own = Sha256.digest();
    upload.file().digest(0, length, context, own);
    return Sums.base64(own).equals(first.checksumSHA256());
  }

  /** As well as it can be done: where it can't, the next upload to this key does it. */
  void abort(String id) {
    try {
      bucket.ask(
          "",
          client ->
              client.abortMultipartUpload(
                  r -> r.bucket(bucket.name()).key(upload.key()).uploadId(id)));
    } catch (ActionException e) {
      // What is told is why the upload was given up.
    }
  }
}
