package dev.backout.action.s3;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Amounts;
import dev.backout.action.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import software.amazon.awssdk.core.exception.SdkException;

/** The content of an object, as it is read off the server and hashed on the way. */
record Content(Bucket bucket, Stored stored, String which) {
  private static final int CHUNK = 1 << 18;

  static Content of(Bucket bucket, Stored stored) {
    String version = stored.versionId();
    return new Content(
        bucket,
        stored,
        bucket.url(stored.key()) + (version == null ? "" : " in version " + version));
  }

  /**
   * @param to where it goes
   * @return its SHA-256, hexadecimal
   * @throws ActionException if the server breaks off, or gives what it doesn't itself hold to be
   *     right
   */
  String read(OutputStream to, ActionContext context) throws ActionException, IOException {
    MessageDigest digest = Sha256.digest();
    long left = stored.size();
    byte[] buffer = new byte[CHUNK];
    try (InputStream in = open()) {
      for (int count = next(in, buffer); count >= 0; count = next(in, buffer)) {
        to.write(buffer, 0, count);
        digest.update(buffer, 0, count);
        left -= count;
        context.heartbeat(
            "read " + Amounts.text(stored.size() - left) + " of " + Amounts.text(stored.size()));
      }
    }
    if (left != 0) {
      throw brokenOff("it ended " + Math.abs(left) + " bytes too " + (left > 0 ? "early" : "late"));
    }
    return Sha256.of(digest);
  }

  private InputStream open() throws ActionException {
    return bucket.ask(
        "Could not get " + which,
        client ->
            client.getObject(
                r -> r.bucket(bucket.name()).key(stored.key()).versionId(stored.versionId())));
  }

  /** Separate from writing: what fails here is the server's doing. */
  private int next(InputStream in, byte[] buffer) throws ActionException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw brokenOff(e.toString());
    } catch (SdkException e) {
      if (String.valueOf(e.getMessage()).contains("checksum")) {
        throw new ActionException(
            Kind.PERMANENT,
            which
                + " is damaged: it is not what the server's own checksum says. Nothing of it was kept; take another version or"
                + " an older backup.",
            e);
      }
      throw bucket.refusal("Could not get " + which, e);
    }
  }

  private ActionException brokenOff(String why) {
    return new ActionException(
        Kind.TRANSIENT, "The server broke off while " + which + " was read: " + why + ".");
  }
}
