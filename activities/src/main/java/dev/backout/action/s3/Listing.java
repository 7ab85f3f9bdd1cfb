package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ByteSize;
import dev.backout.action.s3.ListObjects.Listed;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The newest objects of a bucket, however many there are. */
final class Listing {
  /** Of two of the same instant, the later name. */
  private static final Comparator<Listed> OLDEST_FIRST =
      Comparator.comparing(Listed::uploadedAt).thenComparing(Listed::key);

  private final PriorityQueue<Listed> newest = new PriorityQueue<>(OLDEST_FIRST);
  private final ListObjects.Input input;
  private final PathMatcher matcher;
  private final ActionContext context;
  private long count;
  private long total;

  private Listing(ListObjects.Input input, PathMatcher matcher, ActionContext context) {
    this.input = input;
    this.matcher = matcher;
    this.context = context;
  }

  static Listing of(Bucket bucket, ListObjects.Input input, ActionContext context)
      throws ActionException {
    Listing listing = new Listing(input, matcher(input.pattern()), context);
    return bucket.ask(
        "Could not list " + bucket.url(input.prefix()),
        client -> {
          if (input.versions()) {
            client
                .listObjectVersionsPaginator(r -> r.bucket(bucket.name()).prefix(input.prefix()))
                .versions()
                .forEach(listing::take);
          } else {
            client
                .listObjectsV2Paginator(r -> r.bucket(bucket.name()).prefix(input.prefix()))
                .contents()
                .forEach(listing::take);
          }
          return listing;
        });
  }

  private static PathMatcher matcher(String pattern) throws ActionException {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new ActionException(
          Kind.INVALID_INPUT, "pattern is no glob pattern: " + e.getDescription() + ".", e);
    }
  }

  private void take(S3Object each) {
    take(each.key(), null, each.lastModified(), each.size());
  }

  private void take(ObjectVersion each) {
    take(each.key(), Stored.version(each.versionId()), each.lastModified(), each.size());
  }

  private void take(String key, @Nullable String version, Instant uploadedAt, long size) {
    if (!fits(key) || size < input.minSize().bytes()) {
      return;
    }
    count++;
    total += size;
    if (count % 1000 == 0) {
      context.heartbeat("listed " + count + " objects");
    }
    newest.add(new Listed(key, version, uploadedAt, new ByteSize(size)));
    if (newest.size() > Math.max(1, input.most())) {
      newest.remove();
    }
  }

  /** A key that ends with a slash stands for a directory. */
  private boolean fits(String key) {
    String rest = key.substring(input.prefix().length());
    return !key.endsWith("/") && rest.indexOf('\0') < 0 && matcher.matches(Path.of(rest));
  }

  List<Listed> newest() {
    List<Listed> sorted = new ArrayList<>(newest);
    sorted.sort(OLDEST_FIRST.reversed());
    return sorted;
  }

  long count() {
    return count;
  }

  long total() {
    return total;
  }
}
