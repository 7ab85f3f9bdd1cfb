package dev.backout.action.s3;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Amounts;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an object back and sees that it is what was put. */
@ActionInfo(
    name = "s3.verify",
    summary = "Read an object in S3-compatible storage back, and see that it is what was put",
    description =
        """
        Reads all of the object, or of a version of it, and compares its SHA-256 with `sha256` if it is given, else with what
        `s3.put` wrote beside it, else with what the server keeps of it. Fails if it differs, and if nobody knows what it should
        be. Nothing is written. What keeps the object from being deleted is shown.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class VerifyObject implements Action<VerifyObject.Input, VerifyObject.Output> {

  public record Input(
      @Doc("The bucket.") String bucket,
      @Doc("The object's key.") String key,
      @Doc("Its version; the newest if absent.") @Nullable String versionId,
      @Doc("The SHA-256 that it must have; hexadecimal.") @Nullable String sha256,
      @Doc(value = "Where the bucket is, and with whose keys it is opened.", defaultValue = "{}")
          Store store) {}

  public record Output(
      @Doc("The bucket.") String bucket,
      @Doc("The object's key.") String key,
      @Doc("Its version; absent in a bucket without versions.") @Nullable String versionId,
      @Doc("Its length.") ByteSize size,
      @Doc("Its SHA-256; hexadecimal.") String sha256,
      @Doc("What that was compared with: `given`, `noted` or `server`.")
          Proof.Source checkedAgainst,
      @Doc("When the file was last written to that was put; when it was put if that isn't known.")
          Instant takenAt,
      @Doc("What keeps it from being deleted; absent if nothing does.")
          @Nullable Retention retention,
      @Doc(value = "How long it took.", reading = true) Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    long start = System.nanoTime();
    try (Bucket bucket = Bucket.open(input.store(), input.bucket(), context)) {
      Stored stored = Stored.get(bucket, input.key(), input.versionId());
      Content content = Content.of(bucket, stored);
      Proof proof = Proof.of(input.sha256(), stored, content.which());
      if (proof.sha256() == null) {
        throw new ActionException(
            Kind.PERMANENT,
            "Nobody knows what "
                + content.which()
                + " should be: neither was it put by s3.put, nor does the server keep a SHA-256 of all of it. Give `sha256`.");
      }
      String found = content.read(OutputStream.nullOutputStream(), context);
      proof.require(found, content.which());
      return new Output(
          input.bucket(),
          input.key(),
          stored.versionId(),
          new ByteSize(stored.size()),
          found,
          proof.source(),
          stored.takenAt(),
          stored.retention(),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    Output output = run(input, context);
    List<String> lines =
        new ArrayList<>(
            List.of(
                Amounts.text(output.size().bytes()) + ", taken at " + output.takenAt(),
                "SHA-256 " + output.sha256()));
    if (output.retention() != null) {
      lines.add(output.retention().text());
    }
    return new Preview(
        "s3://" + output.bucket() + "/" + output.key() + " is what was put",
        false,
        List.of(new Detail(Preview.Kind.NOTE, "Object", lines)),
        output);
  }
}
