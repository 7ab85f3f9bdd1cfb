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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of files of keys that can't be used, and what is read from those that can. */
final class KeyFilesTest {
  private static final byte[] MESSAGE = "approve\n".getBytes(StandardCharsets.UTF_8);
  private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

  @TempDir private Path directory;
  private ThrowAwayKey key;
  private String line;
  private String signature;

  @BeforeEach
  void work() throws Exception {
    key = ThrowAwayKey.create(directory);
    line = key.publicKeyLine();
    signature =
        Ed25519KeyFile.parse(Files.readString(key.privateKey()))
            .sign(MESSAGE, "backout")
            .armoured();
  }

  @Test
  void everyLineThatIsWrongIsNamedAtOnce() {
    String text =
        """
        alice KEY
        bob
        carol ssh-ed25519 AAAA
        # a comment
        dave namespaces=backout KEY
        erin valid-after="noon" KEY
        frank certauthority KEY
        grace ssh-dss AAAA
        heidi ssh-ed25519-cert-v01@openssh.com AAAA
        ivan cert-authority,cert-authorit KEY
        judy ssh-ed25519 %%%
        """
            .replace("KEY", line);
    UnreadableKeys unreadable =
        assertThrows(UnreadableKeys.class, () -> AllowedSigners.parse(text, "allowed_signers"));
    assertEquals(
        """
        allowed_signers:2: expected names, options if any, the key's type and the key, found no key
        allowed_signers:3: It is cut short or damaged: a field should have 4 bytes, 3 are left.
        allowed_signers:5: expected namespaces="…" with quotes
        allowed_signers:6: valid-after: expected a time after 1970 as YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z for UTC, found 'noon'
        allowed_signers:7: expected a key or one of cert-authority, namespaces="…", valid-after="…", valid-before="…", found 'certauthority'
        allowed_signers:8: Its key has the type 'ssh-dss'; expected one of ssh-ed25519, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521, ssh-rsa, sk-ssh-ed25519@openssh.com, sk-ecdsa-sha2-nistp256@openssh.com.
        allowed_signers:9: expected a plain key, found a certificate. Write its authority's key with cert-authority, or the key itself
        allowed_signers:10: expected a key or one of cert-authority, namespaces="…", valid-after="…", valid-before="…", found 'cert-authorit'
        allowed_signers:11: expected the key as base64""",
        unreadable.getMessage());
  }

  @Test
  void aFileThatIsAbsentOrNoTextIsNamed() throws IOException {
    Path absent = directory.resolve("absent");
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0});
    for (Path file : List.of(absent, binary, directory)) {
      UnreadableKeys unreadable =
          assertThrows(UnreadableKeys.class, () -> AllowedSigners.read(file));
      assertTrue(unreadable.getMessage().startsWith(file + ": expected "), unreadable.getMessage());
      assertThrows(UnreadableKeys.class, () -> RevokedKeys.read(file));
    }
  }

  @Test
  void principalsAreTheNamesThatAreWrittenOut() throws Exception {
    String text = "bob,al*,!eve LINE\n\"alice smith,bob\" LINE\n*@example.com LINE\nx,!x LINE\n";
    AllowedSigners allowed = AllowedSigners.parse(text.replace("LINE", line), "allowed_signers");
    assertEquals(List.of("bob", "alice smith"), new ArrayList<>(allowed.principals()));
  }

  @Test
  void everyNameOfAKeyIsReturnedInTheOrderOfTheFile() throws Exception {
    String text = "carol,alice LINE\nbob valid-before=\"20250101Z\" LINE\nalice,dave LINE\n";
    AllowedSigners allowed = AllowedSigners.parse(text.replace("LINE", line), "allowed_signers");
    Signer signer = SignatureVerifier.verify(MESSAGE, signature, allowed, RevokedKeys.none(), NOW);
    assertEquals(List.of("carol", "alice", "dave"), signer.principals());
    assertEquals("carol", signer.principal());
  }

  @Test
  void aKeyUnderAPatternSignsForAClaimedNameOnly() throws Exception {
    AllowedSigners allowed = AllowedSigners.parse("*@example.com " + line, "allowed_signers");
    UnacceptableSignature refused =
        assertThrows(
            UnacceptableSignature.class,
            () -> SignatureVerifier.verify(MESSAGE, signature, allowed, RevokedKeys.none(), NOW));
    assertTrue(refused.getMessage().contains("patterns only"), refused.getMessage());
    assertEquals(
        "alice@example.com",
        SignatureVerifier.verifyFor(
                "alice@example.com", MESSAGE, signature, allowed, RevokedKeys.none(), NOW)
            .principal());
    assertThrows(
        UnacceptableSignature.class,
        () ->
            SignatureVerifier.verifyFor("", MESSAGE, signature, allowed, RevokedKeys.none(), NOW));
  }

  @Test
  void aFingerprintInAPlainListRevokes() throws Exception {
    String fingerprint = SshSignature.parse(signature).fingerprint();
    AllowedSigners allowed = AllowedSigners.parse("alice " + line, "allowed_signers");
    RevokedKeys list = RevokedKeys.read(file("# lost laptop\n" + fingerprint + " alice\n"));
    UnacceptableSignature refused =
        assertThrows(
            UnacceptableSignature.class,
            () -> SignatureVerifier.verify(MESSAGE, signature, allowed, list, NOW));
    assertTrue(
        refused.getMessage().contains(fingerprint + " is revoked by "), refused.getMessage());
  }

  @Test
  void aPlainListWithALineThatIsNotUnderstoodIsNotUsed() throws Exception {
    for (String text :
        List.of(
            "serial: 7",
            "SHA256:short",
            "MD5:aa:bb",
            "ssh-ed25519",
            "ssh-rsa " + line.split(" ")[1],
            "alice " + line,
            "ssh-ed25519-cert-v01@openssh.com AAAA")) {
      Path file = file("\n" + text + "\n");
      UnreadableKeys unreadable = assertThrows(UnreadableKeys.class, () -> RevokedKeys.read(file));
      assertTrue(unreadable.getMessage().startsWith(file + ":2: "), unreadable.getMessage());
    }
  }

  @Test
  @RequiresProgram("ssh-keygen")
  void aBinaryListWithAnUnknownOrSignedSectionIsNotUsed() throws Exception {
    Path list = directory.resolve("krl");
    new OpenSsh(directory)
        .must("ssh-keygen", "-q", "-k", "-f", list.toString(), key.publicKey().toString());
    byte[] known = Files.readAllBytes(list);
    assertReason(known, 4, "", "It is signed");
    assertReason(known, 6, "", "a section that is not known here (6)");
    assertReason(known, 255, "new", "the critical extension 'new'");
    byte[] newer = known.clone();
    newer[11] = 2;
    assertReason(newer, 2, "", "It has version 2, not 1");
    byte[] harmless = new WireWriter().string("new").uint8(0).string("").bytes();
    Files.write(list, new WireWriter().raw(known).uint8(255).string(harmless).bytes());
    AllowedSigners allowed = AllowedSigners.parse("alice " + line, "allowed_signers");
    RevokedKeys revoked = RevokedKeys.read(list);
    assertThrows(
        UnacceptableSignature.class,
        () -> SignatureVerifier.verify(MESSAGE, signature, allowed, revoked, NOW));
  }

  private void assertReason(byte[] list, int section, String name, String why) throws IOException {
    byte[] content = new WireWriter().string(name).uint8(1).string("").bytes();
    Path file = directory.resolve("damaged");
    Files.write(file, new WireWriter().raw(list).uint8(section).string(content).bytes());
    UnreadableKeys unreadable = assertThrows(UnreadableKeys.class, () -> RevokedKeys.read(file));
    assertTrue(unreadable.getMessage().contains(why), unreadable.getMessage());
    assertTrue(unreadable.getMessage().contains("no signature counts"), unreadable.getMessage());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(
        directory.resolve("list-" + Arrays.hashCode(text.toCharArray())), text);
  }
}
