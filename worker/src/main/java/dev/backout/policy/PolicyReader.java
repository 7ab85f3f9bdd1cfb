package dev.backout.policy;

import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Language;
import dev.backout.runbook.Located;
import dev.backout.runbook.Severity;
import dev.backout.runbook.SourceRange;
import dev.backout.runbook.SourceReader;
import dev.backout.runbook.SourceText;
import dev.backout.signature.AllowedSigners;
import dev.backout.signature.RevokedKeys;
import dev.backout.signature.UnreadableKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code policy.yaml} and the files that it names, each once. */
final class PolicyReader {
  static final String ALLOWED_SIGNERS = "allowed_signers";
  static final String REVOKED_KEYS = "revoked_keys";

  private final Path file;
  private final String shownAs;
  private final Diagnostics found;

  private PolicyReader(Path file, String shownAs) {
    this.file = file;
    this.shownAs = shownAs;
    this.found = new Diagnostics(shownAs);
  }

  static PolicyReading read(Path file) {
    return read(file, file.toAbsolutePath().normalize().toString());
  }

  /**
   * @param shownAs how the file is named to people
   */
  static PolicyReading read(Path file, String shownAs) {
    return new PolicyReader(file.toAbsolutePath().normalize(), shownAs).read();
  }

  private PolicyReading read() {
    byte[] text;
    try {
      text = bytes(file);
    } catch (IOException e) {
      return unreadable(e);
    }
    SourceReader.Read decoded = SourceReader.decode(text, shownAs);
    if (decoded.source().isEmpty()) {
      return new PolicyReading(
          Optional.empty(), Optional.empty(), decoded.diagnostics(), Optional.empty());
    }
    SourceText source = decoded.source().get();
    Language.Read<Rules> read = PolicyLanguage.LANGUAGE.read(source);
    Optional<Policy> policy = read.value().flatMap(rules -> policy(text, rules, read.hasErrors()));
    List<Diagnostic> diagnostics = new ArrayList<>(read.diagnostics());
    diagnostics.addAll(found.sorted());
    return new PolicyReading(policy, read.value(), List.copyOf(diagnostics), Optional.of(source));
  }

  private Optional<Policy> policy(byte[] text, Rules rules, boolean hasErrors) {
    Path signers = named(rules.allowedSigners(), ALLOWED_SIGNERS);
    Path revoked = named(rules.revokedKeys(), REVOKED_KEYS);
    byte[] signersText = content(signers, rules.allowedSigners(), rules);
    byte[] revokedText = content(revoked, rules.revokedKeys(), rules);
    if (!hasErrors
        && signersText == null
        && rules.requireVerified()
        && rules.allowedSigners() == null) {
      found.error(
          rules.head(),
          "no-allowed-signers",
          "Nothing unverified counts, and there are no keys to verify by: "
              + signers
              + " is missing",
          "Put people's public keys there, one a line: `ada@example.org ssh-ed25519 AAAA…`; or say"
              + " `requireVerified: false` to believe bare names");
    }
    Keys keys =
        new Keys(allowed(signersText, signers, rules), revoked(revokedText, revoked, rules));
    return hasErrors || found.sorted().stream().anyMatch(Diagnostic::isError)
        ? Optional.empty()
        : Optional.of(
            Policy.of(
                file,
                shownAs,
                rules,
                new PolicyBytes(text, signersText, revokedText),
                signers,
                revoked,
                keys));
  }

  private @Nullable AllowedSigners allowed(byte @Nullable [] text, Path path, Rules rules) {
    if (text == null) {
      return null;
    }
    try {
      return AllowedSigners.parse(new String(text, StandardCharsets.UTF_8), path.toString());
    } catch (UnreadableKeys e) {
      unreadable(e, rules.allowedSigners(), rules);
      return null;
    }
  }

  private RevokedKeys revoked(byte @Nullable [] content, Path path, Rules rules) {
    try {
      return content == null ? RevokedKeys.none() : RevokedKeys.parse(content, path.toString());
    } catch (UnreadableKeys e) {
      unreadable(e, rules.revokedKeys(), rules);
      return RevokedKeys.none();
    }
  }

  /** Each line of the message is a problem, and says where in the other file it is. */
  private void unreadable(UnreadableKeys problems, @Nullable Located<String> said, Rules rules) {
    String.valueOf(problems.getMessage())
        .lines()
        .forEach(
            problem ->
                found.error(
                    said == null ? rules.head() : said.range(), "unreadable-keys", problem, null));
  }

  private Path named(@Nullable Located<String> said, String standard) {
    String name = said == null ? standard : said.value();
    Path path =
        name.startsWith("~/")
            ? Path.of(System.getProperty("user.home"), name.substring(2))
            : Path.of(name);
    Path folder = file.getParent();
    return folder == null ? path : folder.resolve(path).normalize();
  }

  /** Null where it isn't there and needn't be, and after a report. */
  private byte @Nullable [] content(Path path, @Nullable Located<String> said, Rules rules) {
    try {
      return bytes(path);
    } catch (NoSuchFileException e) {
      if (said != null) {
        found.error(said.range(), "no-such-file", "There is no file " + path, null);
      }
    } catch (IOException e) {
      found.error(
          said == null ? rules.head() : said.range(),
          "not-readable",
          path + " can't be read: " + reason(e),
          "Mend its mode, or its content");
    }
    return null;
  }

  static byte[] bytes(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException("it is no regular file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(SourceReader.MAX_BYTES + 1);
      if (bytes.length > SourceReader.MAX_BYTES) {
        throw new IOException("it is larger than 1 MiB");
      }
      return bytes;
    }
  }

  private PolicyReading unreadable(IOException e) {
    boolean missing = e instanceof NoSuchFileException;
    Diagnostic diagnostic =
        new Diagnostic(
            shownAs,
            SourceRange.START,
            Severity.ERROR,
            missing ? "no-such-file" : "not-readable",
            missing ? "There is no such file" : "The policy can't be read: " + reason(e),
            null);
    return new PolicyReading(
        Optional.empty(), Optional.empty(), List.of(diagnostic), Optional.empty());
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }
}
