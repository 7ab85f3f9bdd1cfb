package dev.backout.signature;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Revoked keys as lines: a public key as in its {@code .pub} file, or a {@code SHA256:…}
 * fingerprint; a comment may follow.
 */
final class PlainRevocations {
  private static final String FINGERPRINT = "SHA256:";

  private PlainRevocations() {}

  static Revocations parse(String text, String source) throws UnreadableKeys {
    Revocations revocations = Revocations.empty();
    List<String> problems = new ArrayList<>();
    for (KeyFiles.Line line : KeyFiles.lines(text, source)) {
      try {
        add(revocations, line.text());
      } catch (Flaw e) {
        problems.add(line.place() + ": " + e.getMessage());
      }
    }
    KeyFiles.report(problems);
    return revocations;
  }

  private static void add(Revocations revocations, String line) throws Flaw {
    String[] words = line.split("[ \t]+");
    if (words[0].startsWith(FINGERPRINT)) {
      revocations.addSha256(hash(words[0].substring(FINGERPRINT.length())));
    } else if (words.length > 1) {
      revocations.addKey(key(words[0], AllowedSigner.decode(words[1])));
    } else {
      throw new Flaw(
          "expected a public key (type and base64) or a SHA256:… fingerprint. A list in the language of ssh-keygen -k is used once that has compiled it");
    }
  }

  /**
   * Keys that are too weak to sign are fine here, so only a certificate is looked into: it stands
   * for the key in it.
   */
  private static byte[] key(String type, byte[] blob) throws Flaw {
    if (!new WireReader(blob).text().equals(type)) {
      throw new Flaw("expected a key of type " + type + ", found another");
    }
    return type.contains("-cert-") ? SshKey.parse(blob).blob() : blob;
  }

  private static byte[] hash(String base64) throws Flaw {
    try {
      byte[] hash = Base64.getDecoder().decode(base64);
      if (hash.length == 32) {
        return hash;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new Flaw("expected SHA256: and 43 characters of base64");
  }
}
