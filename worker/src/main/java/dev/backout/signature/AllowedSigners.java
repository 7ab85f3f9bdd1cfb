package dev.backout.signature;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may sign: an {@code allowed_signers} file in OpenSSH's own format (see ssh-keygen(1),
 * "ALLOWED SIGNERS"). Other than {@code ssh-keygen}, which skips a line that it can't read, it
 * refuses a file with such a line.
 */
public final class AllowedSigners {
  private final String source;
  private final List<AllowedSigner> lines;

  private AllowedSigners(String source, List<AllowedSigner> lines) {
    this.source = source;
    this.lines = lines;
  }

  /** Reads a file; every problem in it is reported at once, each with file and line. */
  public static AllowedSigners read(Path file) throws UnreadableKeys {
    return parse(KeyFiles.text(file), file.toString());
  }

  /**
   * Reads the text of a file. Times without {@code Z} are in this machine's time zone (and, as for
   * {@code ssh-keygen}, without summer time).
   *
   * @param source what the errors call it
   */
  public static AllowedSigners parse(String text, String source) throws UnreadableKeys {
    return parse(text, source, ZoneId.systemDefault());
  }

  static AllowedSigners parse(String text, String source, ZoneId local) throws UnreadableKeys {
    List<AllowedSigner> lines = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (KeyFiles.Line line : KeyFiles.lines(text, source)) {
      try {
        lines.add(AllowedSigner.parse(line.text(), line.place(), local));
      } catch (Flaw e) {
        problems.add(line.place() + ": " + e.getMessage());
      }
    }
    KeyFiles.report(problems);
    return new AllowedSigners(source, List.copyOf(lines));
  }

  /**
   * The principals that are written out, without those that only a pattern covers, in the order of
   * the file.
   */
  public Set<String> principals() {
    Set<String> names = new LinkedHashSet<>();
    for (AllowedSigner line : lines) {
      line.principals().literals().stream().filter(line.principals()::matches).forEach(names::add);
    }
    return names;
  }

  /** Whether any line is for this name, written out or by a pattern. */
  public boolean isFor(String principal) {
    return lines.stream().anyMatch(line -> line.principals().matches(principal));
  }

  /**
   * Lets the key sign for this name, or says why it may not.
   *
   * @throws Flaw with everything that stands in the way on the lines that speak of the key
   */
  void require(String principal, SshKey key, String namespace, Instant at) throws Flaw {
    List<String> objections = new ArrayList<>();
    for (AllowedSigner line : lines) {
      if (line.concerns(key)) {
        var objection = line.objection(principal, key, namespace, at);
        if (objection.isEmpty()) {
          return;
        }
        objections.add(objection.get());
      }
    }
    throw new Flaw(objections.isEmpty() ? unknown(key) : String.join(" ", objections));
  }

  /** The names that are written out, here or in the certificate, and that the key may sign for. */
  List<String> namesOf(SshKey key, String namespace, Instant at) throws Flaw {
    Certificate certificate = key.certificate();
    Set<String> names = new LinkedHashSet<>();
    List<String> objections = new ArrayList<>();
    for (AllowedSigner line : lines) {
      if (line.concerns(key)) {
        List<String> candidates =
            certificate == null ? line.principals().literals() : certificate.principals();
        for (String name : candidates) {
          line.objection(name, key, namespace, at)
              .ifPresentOrElse(objections::add, () -> names.add(name));
        }
      }
    }
    if (names.isEmpty()) {
      throw new Flaw(nameless(key, objections));
    }
    return List.copyOf(names);
  }

  private String nameless(SshKey key, List<String> objections) {
    if (!objections.isEmpty()) {
      return String.join(" ", objections);
    }
    return lines.stream().anyMatch(line -> line.concerns(key))
        ? source
            + " covers the key "
            + key.fingerprint()
            + " with patterns only: say whose signature it should be."
        : unknown(key);
  }

  private String unknown(SshKey key) {
    Certificate certificate = key.certificate();
    return certificate == null
        ? "No line of "
            + source
            + " holds the key "
            + key.fingerprint()
            + " ("
            + key.type().name
            + "). If it may sign, add a line with its owner's name and the public key."
        : "No line of "
            + source
            + " with cert-authority holds the key "
            + certificate.authority().fingerprint()
            + ", which made the certificate '"
            + certificate.keyId()
            + "'.";
  }
}
