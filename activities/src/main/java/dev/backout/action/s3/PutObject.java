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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Puts a file into a bucket, and sees that it is there. */
@ActionInfo(
    name = "s3.put",
    summary = "Put a file, such as a backup, into S3-compatible storage",
    description =
        """
        The file's SHA-256 goes with it: the server checks what arrives against it, part by part where it is long, and keeps it
        beside the object, where `s3.get` and `s3.verify` find it.

        ```yaml
        uses: s3.put
        with:
          file: "${{ steps.dump.outputs.path }}"
          bucket: backups
          key: "harvester/${{ steps.dump.outputs.sha256 }}.db"
          store: { endpoint: "https://storage.example:9000", accessKey: "secret:BACKUP_KEY_ID", secretKey: "secret:BACKUP_KEY" }
        ```

        An object that is there with the same SHA-256 is not put again. One that is something else is only replaced where the
        bucket keeps versions, or where `overwrite` says so. A long file goes in parts: if the server or the worker goes away in
        the middle, the next attempt brings only what is missing; an upload that can't succeed is taken back, so that no parts
        are left that nobody sees. What somebody else puts there meanwhile is not replaced either; where the server doesn't know
        `If-None-Match`, as far as one look tells right before the object is made. Those of others to the same key are left alone until `abandonedAfter`.

        With `retain` the object can't be deleted before that time, where the bucket has object lock.
        """,
    repeatable = Repeatable.SAFE,
    because = "What is there already, by its SHA-256, is not put again.")
public final class PutObject implements Action<PutObject.Input, PutObject.Output> {
  private static final long LEAST_PART = 5L << 20;

  public record Input(
      @Doc("The file.") Path file,
      @Doc("The bucket.") String bucket,
      @Doc("The name that the object is to have.") String key,
      @Doc(value = "Where the bucket is, and with whose keys it is opened.", defaultValue = "{}")
          Store store,
      @Doc(
              value =
                  "Whether another object of that name is replaced in a bucket without versions.",
              defaultValue = "false")
          boolean overwrite,
      @Doc("How long it must not be deleted. As the bucket says if absent.")
          @Nullable Duration retain,
      @Doc(
              value =
                  "Who may delete it before: `governance`, those with that right; `compliance`, nobody.",
              defaultValue = "governance")
          RetentionMode retentionMode,
      @Doc(
              value = "What is longer goes in parts of this length, at least 5 MiB.",
              defaultValue = "16MiB")
          ByteSize partSize,
      @Doc(
              value =
                  "When an unfinished upload to the same key is nobody's any more and is aborted.",
              defaultValue = "24h")
          Duration abandonedAfter) {}

  public record Output(
      @Doc("The bucket.") String bucket,
      @Doc("The object's key.") String key,
      @Doc("Its version; absent in a bucket without versions.") @Nullable String versionId,
      @Doc("Its length.") ByteSize size,
      @Doc("Its SHA-256; hexadecimal.") String sha256,
      @Doc("Whether it was put now; false if it was there already.") boolean uploaded,
      @Doc("In how many parts it was put; zero if it was there already.") int parts,
      @Doc("How many of them an earlier attempt had brought there.") int partsTakenOver,
      @Doc("What keeps it from being deleted; absent if nothing does.")
          @Nullable Retention retention) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    require(input);
    LocalFile file = LocalFile.read(context.allowed(input.file()), context);
    try (Bucket bucket = Bucket.open(input.store(), input.bucket(), context)) {
      Optional<Stored> former = Stored.find(bucket, input.key());
      if (former.isPresent() && isSame(former.get(), file)) {
        return output(input, former.get(), file, new Upload.Done(null, 0, 0));
      }
      if (former.isPresent() && isLost(bucket, input)) {
        throw new ActionException(Kind.PERMANENT, occupied(bucket, former.get()));
      }
      Upload upload =
          new Upload(
              bucket,
              input.key(),
              file,
              former.isEmpty() && isLost(bucket, input),
              input.partSize().bytes(),
              input.abandonedAfter(),
              input.retain(),
              input.retentionMode());
      Upload.Done done;
      try {
        done = upload.put(context);
      } catch (ActionException e) {
        if (Refusals.status(e) != Upload.OCCUPIED) {
          throw e;
        }
        return output(input, ours(bucket, upload, e), file, new Upload.Done(null, 0, 0));
      }
      return output(input, arrived(bucket, upload, done, context), file, done);
    }
  }

  /** Where an answer was lost on its way and the request repeated, it is our own that is there. */
  private static Stored ours(Bucket bucket, Upload upload, ActionException refusal)
      throws ActionException {
    Stored there = Stored.get(bucket, upload.key(), null);
    if (isSame(there, upload.file())) {
      return there;
    }
    throw new ActionException(Kind.PERMANENT, occupied(bucket, there), refusal);
  }

  /** What an upload that others began brought here has no SHA-256 beside it: it is put anew. */
  private static Stored arrived(
      Bucket bucket, Upload upload, Upload.Done done, ActionContext context)
      throws ActionException, IOException {
    Stored stored = Stored.get(bucket, upload.key(), done.versionId());
    if (!isSame(stored, upload.file()) && done.takenOver() > 0) {
      stored = Stored.get(bucket, upload.key(), upload.put(context).versionId());
    }
    if (!isSame(stored, upload.file())) {
      throw new ActionException(
          Kind.PERMANENT,
          bucket.url(upload.key())
              + " was put, and is now something else: "
              + Amounts.text(stored.size())
              + " with SHA-256 "
              + stored.noted()
              + ", and not "
              + upload.file().sha256()
              + ". See who else writes that key.");
    }
    return stored;
  }

  private static void require(Input input) throws ActionException {
    if (input.key().isBlank()) {
      throw new ActionException(Kind.INVALID_INPUT, "The object has no key. Name it.");
    }
    if (input.partSize().bytes() < LEAST_PART) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "partSize is "
              + Amounts.text(input.partSize().bytes())
              + ", and servers take parts of 5 MiB at least.");
    }
  }

  private static boolean isSame(Stored stored, LocalFile file) {
    String sum = stored.noted() == null ? stored.server() : stored.noted();
    return stored.size() == file.size() && file.sha256().equals(sum);
  }

  /** Whether what is there would be gone. */
  private static boolean isLost(Bucket bucket, Input input) {
    if (input.overwrite()) {
      return false;
    }
    try {
      return bucket.ask(
          "",
          client ->
              client.getBucketVersioning(r -> r.bucket(bucket.name())).status()
                  != BucketVersioningStatus.ENABLED);
    } catch (ActionException e) {
      return true;
    }
  }

  private static String occupied(Bucket bucket, Stored former) {
    return bucket.url(former.key())
        + " exists and is something else ("
        + Amounts.text(former.size())
        + ", put at "
        + former.uploadedAt()
        + "), and the bucket is not known to keep versions. It was left as it is: choose another key, for example with the"
        + " run's id in it, or say `overwrite: true`.";
  }

  private static Output output(Input input, Stored stored, LocalFile file, Upload.Done done) {
    return new Output(
        input.bucket(),
        input.key(),
        stored.versionId(),
        new ByteSize(stored.size()),
        file.sha256(),
        done.parts() > 0,
        done.parts(),
        done.takenOver(),
        stored.retention());
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    require(input);
    LocalFile file = LocalFile.read(context.allowed(input.file()), context);
    try (Bucket bucket = Bucket.open(input.store(), input.bucket(), context)) {
      Optional<Stored> former = Stored.find(bucket, input.key());
      String url = bucket.url(input.key());
      if (former.isPresent() && isSame(former.get(), file)) {
        return new Preview(
            url + " is there already",
            false,
            List.of(),
            output(input, former.get(), file, new Upload.Done(null, 0, 0)));
      }
      List<Detail> details =
          former.isPresent() && isLost(bucket, input)
              ? List.of(
                  new Detail(
                      Preview.Kind.PROBLEM, "Object", List.of(occupied(bucket, former.get()))))
              : List.of();
      return new Preview(
          "Would put " + input.file() + " (" + Amounts.text(file.size()) + ") at " + url,
          true,
          details,
          null);
    }
  }
}
