package dev.backout.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.testing.RequiresProgram;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hardware keys, whose part is played by keys in memory: what they sign is what a FIDO token signs.
 * {@code ssh-keygen} is real.
 */
@RequiresProgram("ssh-keygen")
final class HardwareKeyTest {
  private static final byte[] MESSAGE = "approve\n".getBytes(StandardCharsets.UTF_8);
  private static final String APPLICATION = "ssh:";
  private static final int NOBODY = 0;
  private static final int TOUCHED = 1;
  private static final int TOUCHED_WITH_PIN = 5;

  @TempDir private Path directory;
  private OpenSsh ssh;

  @BeforeEach
  void work() {
    ssh = new OpenSsh(directory);
  }

  @Test
  void aTouchedKeySigns() throws Exception {
    for (Token token : List.of(ed25519(), ecdsa())) {
      assertBoth(token.sign(token.blob(), TOUCHED, APPLICATION), "alice " + token.line());
      assertBoth(token.sign(token.blob(), TOUCHED_WITH_PIN, APPLICATION), "alice " + token.line());
    }
  }

  @Test
  void aKeyThatNobodyTouchedDoesNotThoughSshKeygenLetsIt() throws Exception {
    for (Token token : List.of(ed25519(), ecdsa())) {
      String signature = token.sign(token.blob(), NOBODY, APPLICATION);
      assertEquals(0, theirs(signature, "alice " + token.line()).exitCode());
      assertRefused(signature, "alice " + token.line(), "Nobody touched the hardware key");
    }
  }

  @Test
  void aSignatureForAnotherApplicationIsNone() throws Exception {
    for (Token token : List.of(ed25519(), ecdsa())) {
      String signature = token.sign(token.blob(), TOUCHED, "ssh:other");
      assertTrue(theirs(signature, "alice " + token.line()).exitCode() != 0);
      assertRefused(signature, "alice " + token.line(), "not made by its key");
    }
  }

  @Test
  void aCertificateMayDoWithoutTheTouch() throws Exception {
    Path authority = ssh.key("ca", "-t", "ed25519");
    String allowed = "alice cert-authority " + OpenSsh.line(authority);
    for (Token token : List.of(ed25519(), ecdsa())) {
      byte[] touchless = certificate(authority, token, "no-touch-required");
      byte[] usual = certificate(authority, token, "no-pty");
      assertBoth(token.sign(touchless, NOBODY, APPLICATION), allowed);
      assertBoth(token.sign(usual, TOUCHED, APPLICATION), allowed);
      assertRefused(token.sign(usual, NOBODY, APPLICATION), allowed, "Nobody touched");
    }
  }

  @Test
  void aCertificateMayWantThePin() throws Exception {
    Path authority = ssh.key("ca", "-t", "ed25519");
    String allowed = "alice cert-authority " + OpenSsh.line(authority);
    Token token = ed25519();
    byte[] certificate = certificate(authority, token, "verify-required");
    assertBoth(token.sign(certificate, TOUCHED_WITH_PIN, APPLICATION), allowed);
    assertRefused(token.sign(certificate, TOUCHED, APPLICATION), allowed, "PIN was not asked for");
  }

  private byte[] certificate(Path authority, Token token, String option) throws Exception {
    Path key = ssh.fresh("token");
    Files.writeString(Path.of(key + ".pub"), token.line() + "\n");
    Path certificate = ssh.certify(authority, key, "-I", "id", "-n", "alice", "-O", option);
    return Base64.getDecoder().decode(OpenSsh.text(certificate).split(" ")[1]);
  }

  private OpenSsh.Answer theirs(String signature, String allowed) {
    return ssh.verify("alice", signature, MESSAGE, allowed, null, null);
  }

  private void assertBoth(String signature, String allowed) throws Exception {
    OpenSsh.Answer theirs = theirs(signature, allowed);
    assertEquals(0, theirs.exitCode(), theirs.text());
    assertEquals("alice", ours(signature, allowed).principal());
  }

  private static void assertRefused(String signature, String allowed, String why) {
    UnacceptableSignature refused =
        assertThrows(UnacceptableSignature.class, () -> ours(signature, allowed));
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }

  private static Signer ours(String signature, String allowed) throws Exception {
    return SignatureVerifier.verifyFor(
        "alice",
        MESSAGE,
        signature,
        AllowedSigners.parse(allowed, "allowed_signers"),
        RevokedKeys.none(),
        Instant.now());
  }

  private static Token ed25519() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] key = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    WireWriter blob = new WireWriter().string(KeyType.HARDWARE_ED25519.name).string(key);
    return new Token(KeyType.HARDWARE_ED25519, "Ed25519", pair, blob.string(APPLICATION).bytes());
  }

  private static Token ecdsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] encoded = ((ECPublicKey) pair.getPublic()).getEncoded();
    byte[] point = Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length);
    WireWriter blob =
        new WireWriter().string(KeyType.HARDWARE_ECDSA.name).string("nistp256").string(point);
    return new Token(
        KeyType.HARDWARE_ECDSA, "SHA256withECDSA", pair, blob.string(APPLICATION).bytes());
  }

  private static final class Token {
    private final KeyType type;
    private final String algorithm;
    private final KeyPair pair;
    private final byte[] blob;

    Token(KeyType type, String algorithm, KeyPair pair, byte[] blob) {
      this.type = type;
      this.algorithm = algorithm;
      this.pair = pair;
      this.blob = blob;
    }

    byte[] blob() {
      return blob;
    }

    String line() {
      return type.name + " " + Base64.getEncoder().encodeToString(blob);
    }

    /** Signs as a token does that saw what {@code flags} say. */
    String sign(byte[] keyOrCertificate, int flags, String application) throws Exception {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(pair.getPrivate());
      byte[] covered = SshSignature.covered(MESSAGE, "backout", "sha512");
      signature.update(
          new WireWriter()
              .raw(Digests.sha256(application.getBytes(StandardCharsets.UTF_8)))
              .uint8(flags)
              .uint32(7)
              .raw(Digests.sha256(covered))
              .bytes());
      byte[] value = signature.sign();
      byte[] signed =
          new WireWriter()
              .string(type.name)
              .string(type.isCurve() ? numbers(value) : value)
              .uint8(flags)
              .uint32(7)
              .bytes();
      return SshSignature.of(keyOrCertificate, "backout", "sha512", signed).armoured();
    }

    /** Java's DER, of less than 128 bytes, as SSH's two numbers. */
    private static byte[] numbers(byte[] der) {
      int end = 4 + der[3];
      return new WireWriter()
          .number(new BigInteger(Arrays.copyOfRange(der, 4, end)))
          .number(new BigInteger(Arrays.copyOfRange(der, end + 2, der.length)))
          .bytes();
    }
  }
}
