package dev.backout.action.s3;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an object's content must have as its SHA-256, and who says so.
 *
 * @param sha256 hexadecimal; null if nobody says so
 */
record Proof(Source source, @Nullable String sha256) {

  /** Who says so. */
  public enum Source {
    /** The step. */
    GIVEN,
    /** Whoever put the object wrote it beside it. */
    NOTED,
    /** The server keeps it of all of the object. */
    SERVER,
    /** Nobody. */
    NOTHING
  }

  /**
   * @param given what the step says; null if it says nothing
   */
  static Proof of(@Nullable String given, Stored stored, String which) throws ActionException {
    String said = stored.noted() == null ? stored.server() : stored.noted();
    if (given != null) {
      String wanted = given.toLowerCase(Locale.ROOT);
      if (!wanted.matches("[0-9a-f]{64}")) {
        throw new ActionException(
            Kind.INVALID_INPUT, "sha256 must have 64 hexadecimal digits, and is '" + given + "'.");
      }
      if (said != null && !said.equals(wanted)) {
        throw new ActionException(
            Kind.PERMANENT,
            which
                + " is another object than the one that is wanted: its SHA-256 is "
                + said
                + ", and "
                + wanted
                + " was expected. Nothing was read; name the right key or version.");
      }
      return new Proof(Source.GIVEN, wanted);
    }
    if (stored.noted() != null) {
      return new Proof(Source.NOTED, stored.noted());
    }
    return stored.server() != null
        ? new Proof(Source.SERVER, stored.server())
        : new Proof(Source.NOTHING, null);
  }

  /**
   * @param found the SHA-256 of what was read
   */
  void require(String found, String which) throws ActionException {
    if (sha256 != null && !Objects.equals(sha256, found)) {
      throw new ActionException(
          Kind.PERMANENT,
          which
              + " is damaged: its SHA-256 is "
              + found
              + ", and "
              + sha256
              + " was expected. Nothing of it was kept; take another version or an older backup.");
    }
  }
}
