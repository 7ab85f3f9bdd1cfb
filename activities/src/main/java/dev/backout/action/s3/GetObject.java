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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gets a file out of a bucket, whole or not at all. */
@ActionInfo(
    name = "s3.get",
    summary = "Get a file, such as a backup, out of S3-compatible storage",
    description =
        """
        Writes the object, or a version of it, beside the file's name, makes it durable, compares its SHA-256, and then renames it:
        a file of that name is always whole. Compared is with `sha256` if it is given, else with what `s3.put` wrote beside the
        object, else with what the server keeps of it; `checkedAgainst` says with which, and is `nothing` where nobody knows.

        A file that exists is never overwritten. If it is byte for byte the object, the action is done; otherwise it fails.
        """,
    repeatable = Repeatable.SAFE,
    because = "It never overwrites a file, and leaves the object as it is.",
    nothingToUndo = true)
public final class GetObject implements Action<GetObject.Input, GetObject.Output> {

  public record Input(
      @Doc("The bucket.") String bucket,
      @Doc("The object's key.") String key,
      @Doc("Its version; the newest if absent.") @Nullable String versionId,
      @Doc("The file to write. Its directory must exist.") Path file,
      @Doc("The SHA-256 that it must have; hexadecimal.") @Nullable String sha256,
      @Doc(value = "Where the bucket is, and with whose keys it is opened.", defaultValue = "{}")
          Store store) {}

  public record Output(
      @Doc("The file.") Path path,
      @Doc("Its length.") ByteSize size,
      @Doc("Its SHA-256; hexadecimal.") String sha256,
      @Doc("What that was compared with: `given`, `noted`, `server` or `nothing`.")
          Proof.Source checkedAgainst,
      @Doc("The object's version; absent in a bucket without versions.") @Nullable String versionId,
      @Doc("When the file was last written to that was put; when it was put if that isn't known.")
          Instant takenAt,
      @Doc("Whether it was fetched now; false if the file was there already.")
          boolean downloaded) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    Path file = context.allowed(input.file());
    try (Bucket bucket = Bucket.open(input.store(), input.bucket(), context)) {
      Stored stored = Stored.get(bucket, input.key(), input.versionId());
      Content content = Content.of(bucket, stored);
      Proof proof = Proof.of(input.sha256(), stored, content.which());
      if (Files.exists(file) && proof.sha256() != null) {
        String there = LocalFile.read(file, context).sha256();
        requireSame(file, there, proof.sha256(), content.which());
        return output(file, there, proof, stored, false);
      }
      try (Destination destination = Destination.beside(file, stored.size(), context)) {
        String found = destination.write(out -> content.read(out, context));
        proof.require(found, content.which());
        boolean fresh = !Files.exists(file);
        if (fresh) {
          destination.publish();
        } else {
          requireSame(file, LocalFile.read(file, context).sha256(), found, content.which());
        }
        return output(file, found, proof, stored, fresh);
      }
    }
  }

  private static void requireSame(Path file, String there, String wanted, String which)
      throws ActionException {
    if (!there.equals(wanted)) {
      throw new ActionException(
          Kind.PERMANENT,
          file
              + " exists and is something else than "
              + which
              + ". It was left as it is: choose another name, for example with the run's id in it.");
    }
  }

  private static Output output(
      Path file, String sha256, Proof proof, Stored stored, boolean downloaded) {
    return new Output(
        file,
        new ByteSize(stored.size()),
        sha256,
        proof.source(),
        stored.versionId(),
        stored.takenAt(),
        downloaded);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    Path file = context.allowed(input.file());
    try (Bucket bucket = Bucket.open(input.store(), input.bucket(), context)) {
      Stored stored = Stored.get(bucket, input.key(), input.versionId());
      Content content = Content.of(bucket, stored);
      Proof proof = Proof.of(input.sha256(), stored, content.which());
      Destination.requireDirectory(file, stored.size());
      String about =
          content.which()
              + " ("
              + Amounts.text(stored.size())
              + ", taken at "
              + stored.takenAt()
              + ")";
      boolean there =
          Files.isRegularFile(file)
              && LocalFile.read(file, context).sha256().equals(proof.sha256());
      List<Detail> details =
          Files.exists(file) && !there
              ? List.of(
                  new Detail(
                      Preview.Kind.PROBLEM,
                      "File",
                      List.of(file + " exists; it would not be overwritten.")))
              : List.of();
      return new Preview(
          there ? file + " is " + about + " already" : "Would get " + about + " as " + file,
          !there,
          details,
          null);
    }
  }
}
