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
import dev.backout.action.Durations;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists what is in a bucket, and finds the newest. */
@ActionInfo(
    name = "s3.list",
    summary = "List objects in S3-compatible storage, and find the newest",
    description =
        """
        Looks at the objects whose keys begin with `prefix`, and gives the newest with its version and SHA-256:

        ```yaml
        uses: s3.list
        with: { bucket: backups, prefix: harvester/, pattern: "*.db.gz", maxAge: 24h }
        ```

        With `maxAge` it fails if none is that young; without, an empty bucket is a result like another. An object's age is the
        time since the file was last written to that `s3.put` put there; of others, since they were put. Empty objects, which a
        broken upload of another tool may leave, are passed over. Whether the newest is whole is for `s3.verify` to say.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks.")
public final class ListObjects implements Action<ListObjects.Input, ListObjects.Output> {

  public record Input(
      @Doc("The bucket.") String bucket,
      @Doc(value = "What the keys begin with.", defaultValue = "''") String prefix,
      @Doc(
              value =
                  "Which keys count, as a glob pattern for what comes after the prefix; `*` stops at a `/`, `**` doesn't.",
              defaultValue = "'**'")
          String pattern,
      @Doc("How old the newest may be. Any age if absent.") @Nullable Duration maxAge,
      @Doc(value = "What is shorter is passed over.", defaultValue = "1") ByteSize minSize,
      @Doc(value = "Whether former versions are listed too.", defaultValue = "false")
          boolean versions,
      @Doc(value = "How many are given, the newest.", defaultValue = "20") int most,
      @Doc(value = "Where the bucket is, and with whose keys it is opened.", defaultValue = "{}")
          Store store) {}

  public record Output(
      @Doc("The newest object's key; absent if there is none.") @Nullable String key,
      @Doc("Its version; absent in a bucket without versions.") @Nullable String versionId,
      @Doc("When the file was last written to that was put; when it was put if that isn't known.")
          @Nullable Instant takenAt,
      @Doc(value = "How long ago that was.", reading = true) @Nullable Duration age,
      @Doc("Its length.") @Nullable ByteSize size,
      @Doc("Its SHA-256 as it was put; hexadecimal. Absent if nobody noted it.")
          @Nullable String sha256,
      @Doc("What keeps it from being deleted; absent if nothing does.")
          @Nullable Retention retention,
      @Doc("The newest, newest first.") List<Listed> objects,
      @Doc("How many there are.") long count,
      @Doc("How long they are together.") ByteSize total) {}

  /** One of them. */
  public record Listed(
      @Doc("Its key.") String key,
      @Doc("Its version; absent where versions weren't asked for.") @Nullable String versionId,
      @Doc("When it was put.") Instant uploadedAt,
      @Doc("Its length.") ByteSize size) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    try (Bucket bucket = Bucket.open(input.store(), input.bucket(), context)) {
      Listing listing = Listing.of(bucket, input, context);
      if (listing.newest().isEmpty()) {
        requireNone(input, bucket);
        return new Output(null, null, null, null, null, null, null, List.of(), 0, new ByteSize(0));
      }
      Listed first = listing.newest().get(0);
      Stored stored = Stored.get(bucket, first.key(), first.versionId());
      Output output = output(stored, listing);
      requireYoungEnough(output, input, bucket);
      return output;
    }
  }

  private static Output output(Stored stored, Listing listing) {
    return new Output(
        stored.key(),
        stored.versionId(),
        stored.takenAt(),
        Amounts.age(stored.takenAt(), Instant.now()),
        new ByteSize(stored.size()),
        stored.noted() == null ? stored.server() : stored.noted(),
        stored.retention(),
        listing.newest(),
        listing.count(),
        new ByteSize(listing.total()));
  }

  private static void requireNone(Input input, Bucket bucket) throws ActionException {
    if (input.maxAge() != null) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no object like "
              + bucket.url(input.prefix() + input.pattern())
              + ". Correct the prefix or the pattern, or put a backup there.");
    }
  }

  private static void requireYoungEnough(Output newest, Input input, Bucket bucket)
      throws ActionException {
    if (input.maxAge() != null
        && newest.age() != null
        && newest.age().compareTo(input.maxAge()) > 0) {
      throw new ActionException(
          Kind.PERMANENT,
          "The newest object is too old: "
              + bucket.url(String.valueOf(newest.key()))
              + " is "
              + Durations.print(newest.age())
              + " old, and at most "
              + Durations.print(input.maxAge())
              + " was asked for. Put a fresh backup there, or raise maxAge if that loss is acceptable.");
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Output output = run(input, context);
    List<String> lines = new ArrayList<>(List.of("object\tput at\tsize"));
    output
        .objects()
        .forEach(
            each ->
                lines.add(
                    each.key()
                        + (each.versionId() == null ? "" : " (" + each.versionId() + ")")
                        + "\t"
                        + each.uploadedAt()
                        + "\t"
                        + Amounts.text(each.size().bytes())));
    return new Preview(
        output.key() == null
            ? "There is no such object"
            : "The newest of " + output.count() + " is " + output.key(),
        false,
        output.objects().isEmpty()
            ? List.of()
            : List.of(new Detail(Preview.Kind.TABLE, "Objects", lines)),
        output);
  }
}
