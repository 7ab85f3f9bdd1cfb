package dev.backout.proof;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the files that hold what was too big for a history are still what it says. They lie on
 * the worker that had the step, so elsewhere nothing can be said.
 */
final class KeptOutputs {
  private static final String FIELD = "wholeOutputs";

  /** What a program wrote. */
  private static final String LOG = "log";

  private static final String SHA256 = "sha256";

  private static final int MOST_ONE_BY_ONE = 5;

  /** Much more than a worker keeps of anything. */
  private static final long MOST_BYTES = 256 * 1024 * 1024;

  private KeptOutputs() {}

  static List<Finding> of(RunStatus run) {
    List<Finding> found = new ArrayList<>();
    Stream.of(run.preflight(), run.steps(), run.undo(), run.lastly())
        .flatMap(List::stream)
        .forEach(step -> collect(step, found));
    List<Finding> proven = found.stream().filter(each -> each.verdict() == Verdict.PROVEN).toList();
    if (proven.size() <= MOST_ONE_BY_ONE) {
      return found;
    }
    List<Finding> shorter = new ArrayList<>(found);
    shorter.removeAll(proven);
    shorter.add(
        Finding.of(
            Finding.Subject.EVIDENCE,
            Verdict.PROVEN,
            null,
            proven.size() + " files are what the history says, by their SHA-256."));
    return shorter;
  }

  private static void collect(StepStatus step, List<Finding> findings) {
    JsonNode outputs = step.outputs();
    if (outputs != null && outputs.path(FIELD).isObject()) {
      findings.add(finding(step.path(), outputs.get(FIELD)));
    }
    if (outputs != null && outputs.path(LOG).isTextual() && outputs.path(SHA256).isTextual()) {
      // The history has what matters of it, so it is no gap if it isn't here.
      Optional.of(finding(step.path(), outputs.get(LOG).textValue(), outputs))
          .filter(finding -> finding.verdict() != Verdict.UNCHECKED)
          .ifPresent(findings::add);
    }
    step.children().forEach(child -> collect(child, findings));
  }

  private static Finding finding(String step, JsonNode whole) {
    return whole.path("path").isTextual() && whole.path(SHA256).isTextual()
        ? finding(step, whole.get("path").textValue(), whole)
        : of(step, Verdict.UNCHECKED, whole.path("lost").asText("The whole was not kept."));
  }

  private static Finding finding(String step, String path, JsonNode told) {
    try {
      return compared(step, Path.of(path), told);
    } catch (IOException | InvalidPathException e) {
      return of(step, Verdict.UNCHECKED, path + " can't be read here: " + e.getMessage());
    }
  }

  /** Only a plain file, and none that takes for ever: a history may name whatever it wants. */
  private static Finding compared(String step, Path file, JsonNode told) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return of(
          step,
          Verdict.UNCHECKED,
          file + " is on the worker that had the step, if it is still kept, and not here.");
    }
    String hash = told.get(SHA256).textValue().replaceFirst("^sha256:", "");
    long size = Files.size(file);
    boolean same =
        size <= MOST_BYTES && told.path("size").asLong(size) == size && sha256(file).equals(hash);
    return same
        ? of(step, Verdict.PROVEN, file + " is what the history says, by its SHA-256.")
        : of(
            step,
            Verdict.ALTERED,
            file
                + " is not what the history says: the file was altered, or the history. Its SHA-256"
                + " should be "
                + hash
                + ".");
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        long ignored = in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Finding of(String step, Verdict verdict, String remark) {
    return Finding.of(Finding.Subject.EVIDENCE, verdict, step, remark);
  }
}
