package dev.backout.action;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Preview.Detail;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the lines that match a pattern of RE2, and keeps the first of them. Lines may come from
 * another thread than the one that asks for the result.
 */
public final class LineSearch {
  private static final int LONGEST_SAMPLE = 300;

  private final Pattern pattern;
  private final @Nullable Pattern ignore;
  private final int samplesWanted;
  private final ActionContext context;
  private final List<String> samples = new ArrayList<>();
  private long lines;
  private long matches;

  private LineSearch(
      Pattern pattern, @Nullable Pattern ignore, int samplesWanted, ActionContext context) {
    this.pattern = pattern;
    this.ignore = ignore;
    this.samplesWanted = samplesWanted;
    this.context = context;
  }

  /**
   * @param ignore lines that match this too don't count; null for none
   * @param samplesWanted how many of the lines that match are kept
   * @throws ActionException if a pattern is none, as invalid input
   */
  public static LineSearch of(
      String pattern, @Nullable String ignore, int samplesWanted, ActionContext context)
      throws ActionException {
    return new LineSearch(
        compile("pattern", pattern),
        ignore == null ? null : compile("ignore", ignore),
        samplesWanted,
        context);
  }

  /** From when on lines count; null for all, and invalid input where both say so. */
  public static @Nullable Instant since(@Nullable Instant since, @Nullable Duration last)
      throws ActionException {
    if (since != null && last != null) {
      throw new ActionException(
          Kind.INVALID_INPUT, "since and last both say where to begin. Give one of them.");
    }
    return last == null ? since : Instant.now().minus(last);
  }

  private static Pattern compile(String input, String pattern) throws ActionException {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          input + " is not a regular expression that RE2 knows: " + e.getMessage() + ".",
          e);
    }
  }

  public synchronized void look(String line) {
    lines++;
    if (pattern.matcher(line).find() && (ignore == null || !ignore.matcher(line).find())) {
      matches++;
      if (samples.size() < samplesWanted) {
        samples.add(sample(line));
      }
    }
  }

  /** Masked before it is cut, so that no half of a secret is left at the end. */
  private String sample(String line) {
    String masked = context.mask(line);
    return masked.length() > LONGEST_SAMPLE ? masked.substring(0, LONGEST_SAMPLE) + "…" : masked;
  }

  public synchronized long lines() {
    return lines;
  }

  public synchronized long matches() {
    return matches;
  }

  /** The first lines that match, secrets masked. */
  public synchronized List<String> samples() {
    return List.copyOf(samples);
  }

  /**
   * @param where what was looked at, for the sentence of the failure
   * @param log where all of it stands; null where that is said already
   */
  public synchronized void requireAtMost(long most, String where, @Nullable Path log)
      throws ActionException {
    if (matches > most) {
      throw new ActionException(
          Kind.PERMANENT,
          context.mask(
              matches
                  + " lines of "
                  + where
                  + " match /"
                  + pattern.pattern()
                  + "/, at most "
                  + most
                  + " expected, of "
                  + lines
                  + " looked at. The first:\n  "
                  + String.join("\n  ", samples)
                  + (log == null ? "" : "\nThe log: " + log)));
    }
  }

  /**
   * What has been found, as a preview of an action that only looks.
   *
   * @param output of the action
   */
  public synchronized Preview preview(long most, Record output) {
    Preview.Kind kind = matches > most ? Preview.Kind.PROBLEM : Preview.Kind.NOTE;
    return new Preview(
        matches + " of " + lines + " lines match now",
        false,
        samples.isEmpty() ? List.of() : List.of(new Detail(kind, "Lines that match", samples())),
        output);
  }
}
