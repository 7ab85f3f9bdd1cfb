package dev.backout.action.s3;

import dev.backout.action.Doc;
import dev.backout.action.TextOrSecret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Where buckets are, and with whose keys they are opened. */
public record Store(
    @Doc("The server, such as `https://storage.example:9000`; Amazon's own if absent.")
        @Nullable URI endpoint,
    @Doc(value = "The region; most other servers take any.", defaultValue = "us-east-1")
        String region,
    @Doc(
            "Whether a bucket stands in the path and not in the host's name. Absent: where an endpoint is given, as most"
                + " servers other than Amazon's want it.")
        @Nullable Boolean pathStyle,
    @Doc(
            value = "The access key's id, as `secret:NAME`.",
            defaultValue = "secret:AWS_ACCESS_KEY_ID")
        TextOrSecret accessKey,
    @Doc(
            value = "The secret access key, as `secret:NAME`.",
            defaultValue = "secret:AWS_SECRET_ACCESS_KEY")
        TextOrSecret secretKey,
    @Doc("The session's token, as `secret:NAME`, where the keys are for a while only.")
        @Nullable TextOrSecret sessionToken) {

  boolean bucketInPath() {
    return pathStyle == null ? endpoint != null : pathStyle;
  }

  String place() {
    return endpoint == null ? "Amazon S3 (" + region + ")" : endpoint.toString();
  }
}
