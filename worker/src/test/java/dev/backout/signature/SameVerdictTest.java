package dev.backout.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.backout.testing.RequiresProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same inputs to {@code ssh-keygen -Y verify} and to Backout: where one accepts, so does the
 * other.
 */
@RequiresProgram("ssh-keygen")
final class SameVerdictTest {
  private static final byte[] MESSAGE = "approve\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "Approve\n".getBytes(StandardCharsets.UTF_8);
  private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

  private final List<DynamicTest> cases = new ArrayList<>();
  private OpenSsh ssh;

  @BeforeEach
  void work(@TempDir Path directory) {
    ssh = new OpenSsh(directory);
  }

  @TestFactory
  Stream<DynamicTest> keysOfEveryTypeSign() {
    for (String type :
        List.of("ed25519", "ecdsa:256", "ecdsa:384", "ecdsa:521", "rsa:2048", "rsa:3072")) {
      String[] words = type.split(":");
      Path key =
          words.length == 1
              ? ssh.key("type-" + type, "-t", words[0])
              : ssh.key("type-" + words[0] + words[1], "-t", words[0], "-b", words[1]);
      String allowed = "alice " + OpenSsh.line(key);
      String signature = ssh.sign(key, MESSAGE);
      accepted(type, "alice", signature, allowed);
      accepted(type + " over sha256", "alice", ssh.sign(key, MESSAGE, "-Ohashalg=sha256"), allowed);
      refused(
          type + ", another message", "alice", signature, OTHER, allowed, "not made by its key");
      refused(type + ", another name", "bob", signature, MESSAGE, allowed, "the name 'bob'");
      refused(
          type + ", its signature altered",
          "alice",
          altered(signature),
          MESSAGE,
          allowed,
          "not made");
      refused(
          type + " for another purpose",
          "alice",
          ssh.sign(key, "git", MESSAGE),
          MESSAGE,
          allowed,
          "namespace 'backout'");
    }
    return cases.stream();
  }

  @TestFactory
  Stream<DynamicTest> linesOfAllowedSignersMeanTheSame() {
    Path key = ssh.key("line", "-t", "ed25519");
    Path other = ssh.key("line-other", "-t", "ed25519");
    String line = OpenSsh.line(key);
    String signature = ssh.sign(key, MESSAGE);
    for (String allowed :
        List.of(
            "alice " + line,
            "alice " + line + " a comment with \"quotes\"",
            "  alice \t " + line,
            "# a comment\n\n   # another\nbob " + OpenSsh.line(other) + "\nalice " + line,
            "bob,alice " + line,
            "\"alice\" " + line,
            "\"bob smith,alice\" " + line,
            "* " + line,
            "a*e " + line,
            "?????? ".strip() + ",ali?e " + line,
            "*,!bob " + line,
            "!bob,* " + line,
            "alice namespaces=\"backout\" " + line,
            "alice namespaces=\"git,back*\" " + line,
            "alice NAMESPACES=\"backout\" " + line,
            "alice valid-after=\"20260101\" " + line,
            "alice valid-after=\"20260101Z\",valid-before=\"20270101Z\" " + line,
            "alice valid-after=\"20260615120000Z\" " + line,
            "alice valid-before=\"20260615120000Z\" " + line,
            "alice valid-after=\"202606151200z\" " + line,
            "alice valid-before=\"20260101Z\" " + line + "\nalice " + line,
            "alice cert-authority " + line + "\nalice " + line)) {
      accepted(allowed.replace(line, "KEY"), "alice", signature, allowed);
    }
    for (String allowed :
        List.of(
            "",
            "# alice " + line,
            "bob " + line,
            "alice " + OpenSsh.line(other),
            "Alice " + line,
            "alic? " + OpenSsh.line(other),
            "alic " + line,
            "alicea " + line,
            "*,!alice " + line,
            "!alice,alice " + line,
            "alice,!a* " + line,
            "!bob " + line,
            "?alice " + line,
            "alice cert-authority " + line,
            "alice namespaces=\"git\" " + line,
            "alice namespaces=\"*,!backout\" " + line,
            "alice namespaces=\"\" " + line,
            "alice valid-after=\"20260616Z\" " + line,
            "alice valid-after=\"20260615120001Z\" " + line,
            "alice valid-before=\"20260615115959Z\" " + line,
            "alice valid-after=\"20250101Z\",valid-before=\"20260101Z\" " + line,
            "alice cert-authority,namespaces=\"backout\" " + line,
            // From here on Backout refuses the file.
            "alice",
            "alice namespaces=\"backout\"",
            "alice ssh-ed25519",
            "alice ssh-ed25519 AAAA",
            "alice unknown " + line,
            "alice namespaces=backout " + line,
            "alice namespaces=\"backout " + line,
            "\"alice " + line,
            "alice valid-after=\"2026\" " + line,
            "alice valid-after=\"20261301Z\" " + line,
            "alice valid-after=\"tomorrow\" " + line,
            "alice valid-before=\"20260101Z\",valid-after=\"20260101Z\" " + line,
            "alice valid-before=\"20270101Z\",valid-before=\"20280101Z\" " + line,
            "alice namespaces=\"backout\",namespaces=\"backout\" " + line,
            "alice namespaces=\"backout\", " + line,
            "alice cert-authority=\"yes\" " + line)) {
      refused(allowed.replace(line, "KEY"), "alice", signature, MESSAGE, allowed, "");
    }
    return cases.stream();
  }

  /** With a bit flipped in the signature proper, which ends the text. */
  private static String altered(String signature) {
    String[] lines = signature.split("\n");
    byte[] blob =
        Base64.getDecoder().decode(String.join("", Arrays.copyOfRange(lines, 1, lines.length - 1)));
    blob[blob.length - 5] ^= 1;
    String base64 = Base64.getEncoder().encodeToString(blob);
    return lines[0] + "\n" + base64 + "\n" + lines[lines.length - 1] + "\n";
  }

  /**
   * In summer ssh-keygen reads a local time as standard time, an hour later than a clock on the
   * wall shows it.
   */
  @TestFactory
  Stream<DynamicTest> localTimesMeanTheSame() {
    String zone = "Europe/Berlin";
    ssh.with("TZ", zone);
    Path key = ssh.key("local", "-t", "ed25519");
    String signature = ssh.sign(key, MESSAGE);
    for (String time :
        List.of(
            "valid-after=\"20260615125959\"",
            "valid-after=\"20260615130000\"",
            "valid-after=\"20260615130001\"",
            "valid-after=\"20260615135959\"",
            "valid-after=\"20260615140001\"",
            "valid-before=\"20260615125959\"",
            "valid-before=\"20260615130000\"",
            "valid-before=\"20260615140000\"",
            "valid-before=\"20260615140001\"",
            "valid-before=\"20260329023000\"",
            "valid-before=\"20260615\"",
            "valid-before=\"20260616\"")) {
      String allowed = "alice " + time + " " + OpenSsh.line(key);
      cases.add(
          dynamicTest(
              time + " in " + zone,
              () -> {
                OpenSsh.Answer theirs = theirs("alice", signature, MESSAGE, allowed, null);
                assertEquals(theirs.exitCode() == 0, isOurs(signature, allowed, ZoneId.of(zone)));
              }));
    }
    return cases.stream();
  }

  private static boolean isOurs(String signature, String allowed, ZoneId zone)
      throws UnreadableKeys {
    AllowedSigners signers = AllowedSigners.parse(allowed, "allowed_signers", zone);
    try {
      SignatureVerifier.verify(MESSAGE, signature, signers, RevokedKeys.none(), NOW);
      return true;
    } catch (UnacceptableSignature e) {
      return false;
    }
  }

  @TestFactory
  Stream<DynamicTest> randomPatternsMeanTheSame() {
    Path key = ssh.key("pattern", "-t", "ed25519");
    String signature = ssh.sign(key, MESSAGE);
    Random random = new Random(7);
    for (int i = 0; i < 80; i++) {
      String patterns = word(random, "ab*?!,", 1 + random.nextInt(8));
      String name = word(random, "ab", 1 + random.nextInt(4));
      String allowed = patterns + " " + OpenSsh.line(key);
      cases.add(
          dynamicTest(
              patterns + " and " + name,
              () -> {
                OpenSsh.Answer theirs = theirs(name, signature, MESSAGE, allowed, null);
                String ours = ours(name, signature, MESSAGE, allowed, null);
                assertEquals(theirs.exitCode() == 0, ours.isEmpty(), ours);
              }));
    }
    return cases.stream();
  }

  private static String word(Random random, String letters, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }

  @TestFactory
  Stream<DynamicTest> certificatesMeanTheSame() {
    Path authority = ssh.key("ca", "-t", "ed25519");
    Path otherAuthority = ssh.key("ca-other", "-t", "ed25519");
    String allowed = "* cert-authority " + OpenSsh.line(authority);
    for (String type : List.of("ed25519", "ecdsa", "rsa")) {
      Path key = ssh.key("certified-" + type, "-t", type);
      Path plain =
          ssh.certify(authority, key, "-I", "id", "-n", "alice", "-V", "20260101:20270101");
      String signature = ssh.signWithCertificate(plain, key, MESSAGE);
      accepted("a certificate of " + type, "alice", signature, allowed);
      refused("its message altered, " + type, "alice", signature, OTHER, allowed, "not made by");
    }
    Path key = ssh.key("certified", "-t", "ed25519");
    for (String kind : List.of("ecdsa", "rsa")) {
      Path by = ssh.key("ca-" + kind, "-t", kind);
      accepted(
          "an authority of " + kind,
          "alice",
          certified(by, key, "-n", "alice"),
          "alice cert-authority " + OpenSsh.line(by));
    }
    String two = certified(authority, key, "-n", "bob,alice");
    accepted("two principals, the second", "alice", two, allowed);
    accepted("an authority for few", "alice", two, allowed.replace("*", "alice,carol"));
    accepted("with no end", "alice", certified(authority, key, "-n", "alice"), allowed);
    accepted(
        "an authority with a namespace",
        "alice",
        two,
        allowed.replace("cert-authority", "cert-authority,namespaces=\"backout\""));
    refused("another principal", "carol", two, MESSAGE, allowed, "not for 'carol'");
    refused(
        "an authority for others",
        "alice",
        two,
        MESSAGE,
        allowed.replace("*", "bob"),
        "name 'alice'");
    refused(
        "another authority",
        "alice",
        certified(otherAuthority, key, "-n", "alice"),
        MESSAGE,
        allowed,
        "cert-authority");
    refused(
        "no authority, its key",
        "alice",
        two,
        MESSAGE,
        "alice " + OpenSsh.line(key),
        "cert-authority");
    refused(
        "an authority that is a plain line",
        "alice",
        two,
        MESSAGE,
        "alice " + OpenSsh.line(authority),
        "cert-authority");
    refused(
        "an authority for git",
        "alice",
        two,
        MESSAGE,
        allowed.replace("cert-authority", "cert-authority,namespaces=\"git\""),
        "'backout' is needed");
    refused(
        "an authority that has expired",
        "alice",
        two,
        MESSAGE,
        allowed.replace("cert-authority", "cert-authority,valid-before=\"20260101Z\""),
        "until 2026-01-01T00:00:00Z");
    refused("no principals", "alice", certified(authority, key), MESSAGE, allowed, "no principal");
    refused(
        "expired",
        "alice",
        certified(authority, key, "-n", "alice", "-V", "20250101:20260101"),
        MESSAGE,
        allowed,
        "expired at");
    refused(
        "not yet valid",
        "alice",
        certified(authority, key, "-n", "alice", "-V", "20270101:20280101"),
        MESSAGE,
        allowed,
        "only from");
    refused(
        "a host's",
        "alice",
        certified(authority, key, "-h", "-n", "alice"),
        MESSAGE,
        allowed,
        "a host's");
    stricter(
        "a forced command",
        certified(authority, key, "-n", "alice", "-O", "force-command=true"),
        allowed,
        "critical option 'force-command'");
    stricter(
        "an unknown critical option",
        certified(authority, key, "-n", "alice", "-O", "critical:new@example.com=1"),
        allowed,
        "critical option 'new@example.com'");
    Path sha1 = ssh.key("ca-sha1", "-t", "rsa");
    stricter(
        "an authority that signs with SHA-1",
        certified(sha1, key, "-n", "alice", "-t", "ssh-rsa"),
        "alice cert-authority " + OpenSsh.line(sha1),
        "SHA-1");
    return cases.stream();
  }

  private String certified(Path authority, Path key, String... options) {
    List<String> all = new ArrayList<>(List.of("-I", "id"));
    all.addAll(List.of(options));
    return ssh.signWithCertificate(
        ssh.certify(authority, key, all.toArray(String[]::new)), key, MESSAGE);
  }

  @TestFactory
  Stream<DynamicTest> revokedKeysMeanTheSame() {
    Path key = ssh.key("revoked", "-t", "ed25519");
    Path other = ssh.key("revoked-other", "-t", "rsa");
    String allowed = "alice " + OpenSsh.line(key);
    String signature = ssh.sign(key, MESSAGE);
    revoked(
        "in a plain list",
        signature,
        allowed,
        ssh.file("# bad\n" + OpenSsh.line(key) + " x\n"),
        true);
    revoked(
        "another key in a plain list", signature, allowed, ssh.file(OpenSsh.line(other)), false);
    revoked("an empty list", signature, allowed, ssh.file(""), false);
    revoked("a key, binary", signature, allowed, binary(null, OpenSsh.line(key)), true);
    revoked("another key, binary", signature, allowed, binary(null, OpenSsh.line(other)), false);
    revoked("sha1, binary", signature, allowed, binary(null, "sha1: " + OpenSsh.line(key)), true);
    revoked(
        "sha256, binary", signature, allowed, binary(null, "sha256: " + OpenSsh.line(key)), true);
    revoked("hash, binary", signature, allowed, binary(null, "hash: " + fingerprint(key)), true);
    revoked(
        "another's hash", signature, allowed, binary(null, "hash: " + fingerprint(other)), false);

    Path authority = ssh.key("revoked-ca", "-t", "ed25519");
    String byAuthority = "alice cert-authority " + OpenSsh.line(authority);
    String seven = certified(authority, key, "-n", "alice", "-z", "7");
    String unnumbered = certified(authority, key, "-n", "alice");
    String huge = certified(authority, key, "-n", "alice", "-z", "18446744073709551615");
    revoked("serial", seven, byAuthority, binary(authority, "serial: 7"), true);
    revoked("another serial", seven, byAuthority, binary(authority, "serial: 8"), false);
    revoked(
        "serials around it", seven, byAuthority, binary(authority, "serial: 6\nserial: 8"), false);
    revoked("range", seven, byAuthority, binary(authority, "serial: 5-900"), true);
    revoked("range below", seven, byAuthority, binary(authority, "serial: 1-6"), false);
    revoked(
        "bitmap", seven, byAuthority, binary(authority, serials(1, 3, 5, 7, 9, 11, 12, 15)), true);
    revoked(
        "bitmap without",
        seven,
        byAuthority,
        binary(authority, serials(1, 3, 5, 8, 9, 11, 12, 15)),
        false);
    revoked(
        "the largest serial",
        huge,
        byAuthority,
        binary(authority, "serial: 18446744073709551600-18446744073709551615"),
        true);
    revoked("no serial", unnumbered, byAuthority, binary(authority, "serial: 1-900"), false);
    revoked("key id", seven, byAuthority, binary(authority, "id: id"), true);
    revoked("another key id", seven, byAuthority, binary(authority, "id: ids"), false);
    revoked("another authority's serial", seven, byAuthority, binary(other, "serial: 7"), false);
    revoked("the certified key", seven, byAuthority, binary(null, OpenSsh.line(key)), true);
    revoked(
        "the authority, binary", seven, byAuthority, binary(null, OpenSsh.line(authority)), true);
    revoked(
        "the authority's hash",
        seven,
        byAuthority,
        binary(null, "sha256: " + OpenSsh.line(authority)),
        true);
    revoked("the authority, plain", seven, byAuthority, ssh.file(OpenSsh.line(authority)), true);
    revoked("the certified key, plain", seven, byAuthority, ssh.file(OpenSsh.line(key)), true);
    return cases.stream();
  }

  private static String serials(int... numbers) {
    StringBuilder text = new StringBuilder();
    for (int number : numbers) {
      text.append("serial: ").append(number).append('\n');
    }
    return text.toString();
  }

  private String fingerprint(Path key) {
    return ssh.must("ssh-keygen", "-l", "-f", key + ".pub").text().split(" ")[1];
  }

  /** What {@code ssh-keygen -k} makes of a specification. */
  private Path binary(@Nullable Path authority, String specification) {
    Path list = ssh.fresh("krl");
    Path text = ssh.file(specification + "\n");
    if (authority == null) {
      ssh.must("ssh-keygen", "-q", "-k", "-f", list.toString(), text.toString());
    } else {
      ssh.must(
          "ssh-keygen",
          "-q",
          "-k",
          "-f",
          list.toString(),
          "-s",
          authority + ".pub",
          text.toString());
    }
    return list;
  }

  private void accepted(String name, String principal, String signature, String allowed) {
    cases.add(
        dynamicTest(
            name + " is accepted",
            () -> {
              OpenSsh.Answer theirs = theirs(principal, signature, MESSAGE, allowed, null);
              assertEquals(0, theirs.exitCode(), theirs.text());
              assertEquals("", ours(principal, signature, MESSAGE, allowed, null));
            }));
  }

  private void refused(
      String name, String principal, String signature, byte[] message, String allowed, String why) {
    cases.add(
        dynamicTest(
            name + " is refused",
            () -> {
              OpenSsh.Answer theirs = theirs(principal, signature, message, allowed, null);
              assertTrue(theirs.exitCode() != 0, theirs.text());
              String ours = ours(principal, signature, message, allowed, null);
              assertTrue(!ours.isEmpty() && ours.contains(why), ours);
            }));
  }

  private void stricter(String name, String signature, String allowed, String why) {
    cases.add(
        dynamicTest(
            name + " is refused, other than by ssh-keygen",
            () -> {
              OpenSsh.Answer theirs = theirs("alice", signature, MESSAGE, allowed, null);
              assertEquals(0, theirs.exitCode(), theirs.text());
              String ours = ours("alice", signature, MESSAGE, allowed, null);
              assertTrue(ours.contains(why), ours);
            }));
  }

  private void revoked(
      String name, String signature, String allowed, Path list, boolean isRevoked) {
    cases.add(
        dynamicTest(
            name + (isRevoked ? " is revoked" : " is not revoked"),
            () -> {
              OpenSsh.Answer theirs = theirs("alice", signature, MESSAGE, allowed, list);
              assertEquals(isRevoked, theirs.exitCode() != 0, theirs.text());
              String ours = ours("alice", signature, MESSAGE, allowed, list);
              assertTrue(isRevoked ? ours.contains("revoked by") : ours.isEmpty(), ours);
            }));
  }

  private OpenSsh.Answer theirs(
      String principal, String signature, byte[] message, String allowed, @Nullable Path revoked) {
    String at =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(NOW);
    return ssh.verify(principal, signature, message, allowed, revoked, at);
  }

  /** Why Backout refuses, or nothing if it accepts. */
  private static String ours(
      String principal, String signature, byte[] message, String allowed, @Nullable Path revoked) {
    try {
      Signer signer =
          SignatureVerifier.verifyFor(
              principal,
              message,
              signature,
              AllowedSigners.parse(allowed, "allowed_signers"),
              revoked == null ? RevokedKeys.none() : RevokedKeys.read(revoked),
              NOW);
      assertEquals(principal, signer.principal());
      return "";
    } catch (UnacceptableSignature | UnreadableKeys e) {
      return e.getMessage();
    }
  }
}
