package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Amounts;
import dev.backout.action.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * An upload in parts. One that broke off because the server or the worker went away stays as it is,
 * and the next attempt brings only what is missing; one that can't succeed is taken back, so that
 * no parts are left which nobody sees and somebody pays for.
 */
final class Parts {
  private static final int MOST_PARTS = 10_000;
  private static final long MEBIBYTE = 1 << 20;

  private final Upload upload;
  private final Bucket bucket;
  private final LocalFile file;
  private final ActionContext context;
  private final long length;

  Parts(Upload upload, ActionContext context) {
    this.upload = upload;
    this.bucket = upload.bucket();
    this.file = upload.file();
    this.context = context;
    this.length = length(file.size(), upload.partSize());
  }

  /** As asked for, and longer where there would be more parts than a server takes. */
  static long length(long size, long wanted) {
    long least = (size + MOST_PARTS - 1) / MOST_PARTS;
    long whole = (least + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE;
    return Math.max(wanted, whole);
  }

  Upload.Done put() throws ActionException, IOException {
    Unfinished unfinished = new Unfinished(upload, length, context);
    Unfinished.Taken taken = unfinished.takeUp();
    String id = taken.id().isEmpty() ? begin() : taken.id();
    boolean keep = false;
    try {
      List<CompletedPart> parts = bring(id, taken.parts());
      Upload.Done done = complete(id, parts, taken.parts().size());
      keep = true;
      return done;
    } catch (ActionException e) {
      keep = e.kind() == Kind.TRANSIENT;
      throw keep ? remembered(e) : e;
    } finally {
      if (!keep) {
        unfinished.abort(id);
      }
    }
  }

  private static ActionException remembered(ActionException problem) {
    return new ActionException(
        problem.kind(),
        problem.getMessage()
            + " The parts that arrived stay there; the next attempt brings only the others.",
        problem);
  }

  private String begin() throws ActionException {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder()
            .bucket(bucket.name())
            .key(upload.key())
            .metadata(upload.metadata())
            .contentType("application/octet-stream")
            .checksumAlgorithm(ChecksumAlgorithm.SHA256);
    if (upload.retain() != null) {
      request.objectLockMode(upload.lock()).objectLockRetainUntilDate(upload.retainUntil());
    }
    return bucket.ask(
        "Could not begin to put " + bucket.url(upload.key()),
        client -> client.createMultipartUpload(request.build()).uploadId());
  }

  private List<CompletedPart> bring(String id, Map<Integer, Part> there)
      throws ActionException, IOException {
    List<CompletedPart> parts = new ArrayList<>();
    MessageDigest whole = Sha256.digest();
    for (long from = 0; from < file.size(); from += length) {
      int number = parts.size() + 1;
      long size = Math.min(length, file.size() - from);
      MessageDigest own = Sha256.digest();
      file.digest(from, size, context, whole, own);
      String sum = Sums.base64(own);
      Part former = there.get(number);
      String tag =
          former != null && former.size() == size && sum.equals(former.checksumSHA256())
              ? former.eTag()
              : bring(id, number, from, size, sum);
      parts.add(CompletedPart.builder().partNumber(number).eTag(tag).checksumSHA256(sum).build());
      context.heartbeat(
          "uploaded " + Amounts.text(from + size) + " of " + Amounts.text(file.size()));
    }
    if (!Sha256.of(whole).equals(file.sha256())) {
      throw file.changed();
    }
    return parts;
  }

  private String bring(String id, int number, long from, long size, String sum)
      throws ActionException {
    return bucket.ask(
        "Could not put part " + number + " of " + bucket.url(upload.key()),
        client ->
            client
                .uploadPart(
                    r ->
                        r.bucket(bucket.name())
                            .key(upload.key())
                            .uploadId(id)
                            .partNumber(number)
                            .checksumSHA256(sum),
                    upload.body(from, size))
                .eTag());
  }

  private Upload.Done complete(String id, List<CompletedPart> parts, int takenOver)
      throws ActionException {
    String version =
        upload.ifAbsent(
            "Could not put the parts of " + bucket.url(upload.key()) + " together",
            (client, condition) ->
                client
                    .completeMultipartUpload(
                        r ->
                            r.bucket(bucket.name())
                                .key(upload.key())
                                .uploadId(id)
                                .ifNoneMatch(condition)
                                .multipartUpload(all -> all.parts(parts)))
                    .versionId());
    return new Upload.Done(Stored.version(version), parts.size(), takenOver);
  }
}
