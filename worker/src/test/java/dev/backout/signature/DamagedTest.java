package dev.backout.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.testing.RequiresProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes, the answer is one of the package's own refusals. */
@RequiresProgram("ssh-keygen")
final class DamagedTest {
  private static final byte[] MESSAGE = "approve\n".getBytes(StandardCharsets.UTF_8);
  private static final int TRIES = 400;

  @TempDir private Path directory;
  private OpenSsh ssh;
  private final Random random = new Random(20260615);

  @BeforeEach
  void work() {
    ssh = new OpenSsh(directory);
  }

  @Test
  void aTruncatedSignatureIsRefused() throws Exception {
    for (var sample : samples().entrySet()) {
      byte[] blob = blob(sample.getKey());
      for (int length = 0; length < blob.length; length++) {
        assertRefused(armour(Arrays.copyOf(blob, length)), sample.getValue());
      }
      String text = sample.getKey().strip();
      for (int length = 0; length < text.length(); length += 7) {
        assertRefused(text.substring(0, length), sample.getValue());
      }
    }
  }

  @Test
  void aSignatureWithAFlippedBitAnywhereIsRefused() throws Exception {
    for (var sample : samples().entrySet()) {
      byte[] blob = blob(sample.getKey());
      for (int at = 0; at < blob.length; at++) {
        byte[] damaged = blob.clone();
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        assertRefused(armour(damaged), sample.getValue());
      }
    }
  }

  @Test
  void aMangledSignatureIsRefused() throws Exception {
    for (var sample : samples().entrySet()) {
      byte[] blob = blob(sample.getKey());
      for (int i = 0; i < TRIES; i++) {
        byte[] mangled = mangled(blob);
        if (!Arrays.equals(mangled, blob)) {
          assertRefused(armour(mangled), sample.getValue());
        }
      }
    }
  }

  @Test
  void aMangledTextOfASignatureIsRefusedUnlessItDecodesToTheSame() throws Exception {
    var sample = samples().entrySet().iterator().next();
    byte[] text = sample.getKey().getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < TRIES; i++) {
      String mangled = new String(mangled(text), StandardCharsets.ISO_8859_1);
      if (!mangled.strip().equals(sample.getKey().strip())
          && !decodesTo(blob(sample.getKey()), mangled)) {
        assertRefused(mangled, sample.getValue());
      }
    }
  }

  @Test
  void textAroundASignatureIsNotOverlooked() throws Exception {
    var sample = samples().entrySet().iterator().next();
    String text = sample.getKey();
    AllowedSigners allowed = sample.getValue();
    verify(text + "\n \n", allowed);
    assertRefused("\n" + text, allowed);
    assertRefused(text + "and more", allowed);
    assertRefused(text + text, allowed);
    assertRefused(text.replace("\n", "\r\n"), allowed);
    assertRefused("", allowed);
    assertRefused("-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----", allowed);
    assertRefused("-----BEGIN SSH SIGNATURE-----", allowed);
    assertRefused(text.replace("\n-----END", "\n" + "A".repeat(100_000) + "\n-----END"), allowed);
  }

  @Test
  void aDamagedBinaryListOfRevokedKeysIsUsedWholeOrNotAtAll() throws Exception {
    byte[] list = binaryList();
    for (int length = 1; length < list.length; length++) {
      readOrRefuse(Arrays.copyOf(list, length));
    }
    for (int i = 0; i < TRIES * 4; i++) {
      readOrRefuse(mangled(list));
    }
  }

  @Test
  void aDamagedFileOfSignersIsUsedWholeOrNotAtAll() throws Exception {
    Path key = ssh.key("key", "-t", "ed25519");
    byte[] text =
        ("# people\n\"alice\",b* cert-authority,namespaces=\"backout\",valid-after=\"20260101Z\" "
                + OpenSsh.line(key)
                + " comment\n")
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < TRIES * 6; i++) {
      String mangled = new String(mangled(text), StandardCharsets.ISO_8859_1);
      try {
        AllowedSigners.parse(mangled, "allowed_signers");
      } catch (UnreadableKeys e) {
        assertTrue(e.getMessage().startsWith("allowed_signers:"), e.getMessage());
      }
    }
  }

  private void readOrRefuse(byte[] list) throws IOException {
    Path file = Files.write(directory.resolve("list"), list);
    try {
      RevokedKeys.read(file);
    } catch (UnreadableKeys e) {
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
  }

  private byte[] binaryList() throws IOException {
    Path key = ssh.key("key", "-t", "ed25519");
    String line = OpenSsh.line(key);
    Path text =
        ssh.file(
            "serial: 1\nserial: 3\nserial: 100-2000\nid: alice\nsha1: "
                + line
                + "\nsha256: "
                + line
                + "\nkey: "
                + line
                + "\n");
    Path list = directory.resolve("krl");
    ssh.must("ssh-keygen", "-q", "-k", "-f", list.toString(), "-s", key + ".pub", text.toString());
    return Files.readAllBytes(list);
  }

  /** Signatures by several kinds of keys, each with who may sign. */
  private Map<String, AllowedSigners> samples() throws Exception {
    Map<String, AllowedSigners> samples = new LinkedHashMap<>();
    for (String type : new String[] {"ed25519", "ecdsa", "rsa"}) {
      Path key = ssh.key(type, "-t", type);
      samples.put(
          ssh.sign(key, MESSAGE), AllowedSigners.parse("alice " + OpenSsh.line(key), "signers"));
    }
    Path authority = ssh.key("ca", "-t", "ecdsa");
    Path key = ssh.key("certified", "-t", "ed25519");
    Path certificate = ssh.certify(authority, key, "-I", "id", "-n", "alice,bob", "-z", "7");
    samples.put(
        ssh.signWithCertificate(certificate, key, MESSAGE),
        AllowedSigners.parse("* cert-authority " + OpenSsh.line(authority), "signers"));
    for (var sample : samples.entrySet()) {
      assertEquals("alice", verify(sample.getKey(), sample.getValue()).principal());
    }
    return samples;
  }

  /** Some bytes changed, taken out, put in, repeated, or a length made absurd. */
  private byte[] mangled(byte[] bytes) {
    byte[] out = bytes;
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(Math.max(1, out.length));
      int to = Math.min(out.length, at + random.nextInt(9));
      byte[] middle =
          switch (random.nextInt(4)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {-1, -1, -1, -1};
            case 2 -> Arrays.copyOfRange(out, 0, to);
            default -> randomBytes(to - at);
          };
      out =
          new WireWriter()
              .raw(Arrays.copyOf(out, at))
              .raw(middle)
              .raw(Arrays.copyOfRange(out, to, out.length))
              .bytes();
    }
    return out;
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] blob(String armoured) {
    return Base64.getMimeDecoder().decode(armoured.strip().replaceAll("-----.*?-----", ""));
  }

  private static boolean decodesTo(byte[] blob, String armoured) {
    try {
      return Arrays.equals(blob, blob(armoured));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String armour(byte[] blob) {
    return "-----BEGIN SSH SIGNATURE-----\n"
        + Base64.getEncoder().encodeToString(blob)
        + "\n-----END SSH SIGNATURE-----\n";
  }

  private static void assertRefused(String signature, AllowedSigners allowed) {
    UnacceptableSignature refused =
        assertThrows(UnacceptableSignature.class, () -> verify(signature, allowed));
    assertTrue(
        refused.getMessage().startsWith("The signature can't be accepted. "), refused.getMessage());
  }

  private static Signer verify(String signature, AllowedSigners allowed)
      throws UnacceptableSignature {
    return SignatureVerifier.verifyFor(
        "alice",
        MESSAGE,
        signature,
        allowed,
        RevokedKeys.none(),
        Instant.parse("2026-06-15T12:00:00Z"));
  }
}
