package dev.backout.runbook;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one file. */
public final class Diagnostics {
  /** What a person can read in one go; the rest is counted. */
  static final int LIMIT = 200;

  private final String file;

  /** A set: what an alias repeats is wrong in one place only. */
  private final Set<Diagnostic> found = new LinkedHashSet<>();

  private int beyondLimit;

  public Diagnostics(String file) {
    this.file = file;
  }

  public void error(SourceRange range, String code, String message, @Nullable String hint) {
    add(new Diagnostic(file, range, Severity.ERROR, code, message, hint));
  }

  public void warning(SourceRange range, String code, String message, @Nullable String hint) {
    add(new Diagnostic(file, range, Severity.WARNING, code, message, hint));
  }

  private void add(Diagnostic diagnostic) {
    if (found.size() < LIMIT) {
      found.add(diagnostic);
    } else if (!found.contains(diagnostic)) {
      beyondLimit++;
    }
  }

  /** In the order of the file. */
  public List<Diagnostic> sorted() {
    List<Diagnostic> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparing(diagnostic -> diagnostic.range().start()));
    if (beyondLimit > 0) {
      sorted.add(tooMany(sorted.get(sorted.size() - 1).range()));
    }
    return List.copyOf(sorted);
  }

  private Diagnostic tooMany(SourceRange range) {
    return new Diagnostic(
        file,
        range,
        Severity.ERROR,
        "too-many-problems",
        "There are " + beyondLimit + " more problems than the " + LIMIT + " shown",
        "Mend these first");
  }
}
