package dev.backout.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.machine.Machine;
import dev.backout.testing.RequiresProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram("ssh-keygen")
final class SigningTest {
  private static final byte[] MESSAGE = "approve\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;
  @TempDir private Path home;
  private OpenSsh ssh;

  @BeforeEach
  void work() throws IOException {
    ssh = new OpenSsh(directory);
    Files.createDirectory(home.resolve(".ssh"));
  }

  @Test
  void aKeyFileSignsThroughSshKeygenAndBothProgramsAccept() throws Exception {
    for (String type : List.of("ed25519", "ecdsa", "rsa")) {
      Path key = ssh.key(type, "-t", type);
      String signature = Signing.sign(MESSAGE, key);
      assertAccepted(signature, OpenSsh.line(key));
      assertEquals(ssh.sign(key, MESSAGE).lines().count(), signature.lines().count());
    }
  }

  @Test
  void whatIsParsedIsPrintedAsSshKeygenPrintsIt() throws Exception {
    String printed = ssh.sign(ssh.key("key", "-t", "rsa"), MESSAGE);
    assertEquals(printed, SshSignature.parse(printed).armoured());
  }

  @Test
  void aCertificateBesideTheKeySigns() throws Exception {
    Path authority = ssh.key("ca", "-t", "ed25519");
    Path key = ssh.key("key", "-t", "ed25519");
    Path certificate = Path.of(key + "-cert.pub");
    Files.move(ssh.certify(authority, key, "-I", "alice's laptop", "-n", "alice"), certificate);
    String signature = Signing.sign(MESSAGE, certificate);
    AllowedSigners allowed =
        AllowedSigners.parse("* cert-authority " + OpenSsh.line(authority), "allowed_signers");
    Signer signer = verify(signature, allowed);
    assertEquals("alice", signer.principal());
    assertEquals("alice's laptop", signer.certificateId());
    assertEquals(fingerprint(key), signer.fingerprint());
    assertEquals(fingerprint(authority), signer.authority());
    assertEquals("ssh-ed25519", signer.keyType());
  }

  @Test
  @RequiresProgram("ssh-agent")
  void aKeyThatOnlyTheAgentHoldsSigns() throws Exception {
    Path key = ssh.key("key", "-t", "ed25519");
    String line = OpenSsh.line(key);
    withAgent(
        machine -> {
          ssh.must("ssh-add", "-q", key.toString());
          try {
            Files.delete(key);
            Files.delete(Path.of(key + ".pub"));
            SigningKey found = new DefaultKey(machine).find();
            assertEquals("the first key of the SSH agent", found.origin());
            assertAccepted(Signing.sign(MESSAGE, found, machine), line);
          } catch (IOException | SigningFailed e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  @RequiresProgram("ssh-agent")
  void anEmptyAgentLeavesTheKeyToTheHomeDirectory() throws Exception {
    Files.copy(ssh.key("key", "-t", "ed25519"), home.resolve(".ssh/id_rsa"));
    withAgent(
        machine -> {
          try {
            SigningKey found = new DefaultKey(machine).find();
            assertEquals(home.resolve(".ssh/id_rsa").toString(), found.origin());
          } catch (SigningFailed e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void withoutSshKeygenAnEd25519KeySignsAndSshKeygenAccepts() throws Exception {
    Path key = ssh.key("key", "-t", "ed25519");
    for (String path : List.of(key.toString(), key + ".pub")) {
      SigningKey file = new SigningKey.KeyFile(Path.of(path), path);
      assertAccepted(Signing.sign(MESSAGE, file, machine(Map.of())), OpenSsh.line(key));
    }
  }

  @Test
  void withoutSshKeygenOtherKeysSayThatItIsNeeded() throws Exception {
    Path locked = ssh.key("locked", "-t", "ed25519");
    ssh.must("ssh-keygen", "-q", "-p", "-P", "", "-N", "a passphrase", "-f", locked.toString());
    Path rsa = ssh.key("rsa", "-t", "rsa");
    assertRefused(locked, "It has a passphrase");
    assertRefused(rsa, "Without ssh-keygen on the PATH only");
    String line = OpenSsh.line(rsa);
    SigningFailed failed =
        assertThrows(
            SigningFailed.class,
            () ->
                Signing.sign(
                    MESSAGE, new SigningKey.AgentKey(line, "the agent"), machine(Map.of())));
    assertTrue(failed.getMessage().contains("Expected ssh-keygen on the PATH"));
  }

  @Test
  void nothingOfADamagedPrivateKeyStandsInAnError() throws Exception {
    Path key = ssh.key("key", "-t", "ed25519");
    String text = OpenSsh.text(key);
    List<String> secrets = text.lines().filter(line -> !line.startsWith("-----")).skip(1).toList();
    for (int i = 0; i < text.length(); i++) {
      Files.writeString(key, text.substring(0, i) + '~' + text.substring(i + 1));
      try {
        Signing.sign(MESSAGE, new SigningKey.KeyFile(key, "the key"), machine(Map.of()));
      } catch (SigningFailed e) {
        assertTrue(e.getCause() == null && e.getMessage().startsWith("the key "), e.getMessage());
        assertTrue(secrets.stream().noneMatch(e.getMessage()::contains), e.getMessage());
        assertTrue(e.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), e.getMessage());
      }
    }
  }

  @Test
  void aKeyThatSshKeygenCannotUseIsNamed() {
    Path absent = directory.resolve("absent");
    SigningFailed failed = assertThrows(SigningFailed.class, () -> Signing.sign(MESSAGE, absent));
    assertTrue(failed.getMessage().contains(absent + ", found no file"), failed.getMessage());
    Path broken = ssh.file("not a key\n");
    failed = assertThrows(SigningFailed.class, () -> Signing.sign(MESSAGE, broken));
    assertTrue(failed.getMessage().contains("could not sign with " + broken), failed.getMessage());
  }

  @Test
  void aKeyTooWeakToCountIsRefusedWhereItsOwnerSits() {
    Path weak = ssh.key("weak", "-t", "rsa", "-b", "1024");
    SigningFailed failed = assertThrows(SigningFailed.class, () -> Signing.sign(MESSAGE, weak));
    assertTrue(failed.getMessage().contains("has 1024 bits"), failed.getMessage());
  }

  @Test
  void theKeyIsLookedForInTheDocumentedOrder() throws Exception {
    Map<String, String> environment = new HashMap<>();
    SigningFailed none =
        assertThrows(SigningFailed.class, () -> new DefaultKey(machine(environment)).find());
    assertTrue(none.getMessage().endsWith("Make one: ssh-keygen -t ed25519"), none.getMessage());

    for (String name : List.of("id_ecdsa_sk", "id_rsa", "id_ecdsa", "id_ed25519")) {
      Path file = Files.createFile(home.resolve(".ssh").resolve(name));
      assertEquals(file.toString(), new DefaultKey(machine(environment)).find().origin());
    }
    environment.put("BACKOUT_SSH_KEY", "~/mine");
    assertEquals(
        new SigningKey.KeyFile(
            home.resolve("mine"), "BACKOUT_SSH_KEY (" + home.resolve("mine") + ")"),
        new DefaultKey(machine(environment)).find());
    Path explicit = directory.resolve("explicit");
    assertEquals(
        new SigningKey.KeyFile(explicit, explicit.toString()), Signing.defaultKey(explicit));
  }

  @Test
  @RequiresProgram("git")
  void gitsSigningKeyIsUsedWhereGitSignsWithSsh() throws Exception {
    Path key = ssh.key("key", "-t", "ed25519");
    Path configuration = home.resolve("gitconfig");
    Map<String, String> environment =
        Map.of("PATH", System.getenv("PATH"), "GIT_CONFIG_GLOBAL", configuration.toString());
    Files.writeString(configuration, "[user]\nsigningkey = 0123ABCD\n");
    assertThrows(SigningFailed.class, () -> new DefaultKey(machine(environment)).find());

    Files.writeString(configuration, "[gpg]\nformat = ssh\n[user]\nsigningkey = ~/.ssh/git\n");
    assertEquals(
        new SigningKey.KeyFile(
            home.resolve(".ssh/git"), "git's user.signingkey (" + home.resolve(".ssh/git") + ")"),
        new DefaultKey(machine(environment)).find());

    String line = OpenSsh.line(key);
    Files.writeString(configuration, "[gpg]\nformat = ssh\n[user]\nsigningkey = key::" + line);
    assertEquals(
        new SigningKey.AgentKey(line, "git's user.signingkey"),
        new DefaultKey(machine(environment)).find());
  }

  @Test
  void aThrowAwayKeyIsAKeyForSshKeygen() throws Exception {
    for (int i = 0; i < 8; i++) {
      ThrowAwayKey key = ThrowAwayKey.create(Files.createTempDirectory(directory, "throw-away"));
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(key.privateKey())));
      assertEquals(key.publicKeyLine() + "\n", OpenSsh.text(key.publicKey()));
      assertEquals(
          key.publicKeyLine(),
          ssh.must("ssh-keygen", "-y", "-f", key.privateKey().toString()).text().strip());
      assertAccepted(ssh.sign(key.privateKey(), MESSAGE), OpenSsh.line(key.privateKey()));
      assertAccepted(Signing.sign(MESSAGE, key.privateKey()), key.publicKeyLine());
    }
  }

  @Test
  void aThrowAwayKeyReplacesNoOther() throws Exception {
    Path key = ThrowAwayKey.create(directory).privateKey();
    String text = OpenSsh.text(key);
    assertThrows(FileAlreadyExistsException.class, () -> ThrowAwayKey.create(directory));
    Files.delete(directory.resolve("id_ed25519.pub"));
    assertThrows(FileAlreadyExistsException.class, () -> ThrowAwayKey.create(directory));
    assertEquals(text, OpenSsh.text(key));
    assertFalse(Files.exists(directory.resolve("id_ed25519.pub")));
  }

  private void assertRefused(Path key, String why) {
    SigningFailed failed =
        assertThrows(
            SigningFailed.class,
            () ->
                Signing.sign(
                    MESSAGE, new SigningKey.KeyFile(key, key.toString()), machine(Map.of())));
    assertTrue(failed.getMessage().contains(why), failed.getMessage());
  }

  private void assertAccepted(String signature, String publicKey) {
    String allowed = "alice " + publicKey;
    OpenSsh.Answer theirs = ssh.verify("alice", signature, MESSAGE, allowed, null, null);
    assertEquals(0, theirs.exitCode(), theirs.text());
    try {
      verify(signature, AllowedSigners.parse(allowed, "allowed_signers"));
    } catch (UnreadableKeys e) {
      throw new AssertionError(e);
    }
  }

  private static Signer verify(String signature, AllowedSigners allowed) {
    try {
      return SignatureVerifier.verifyFor(
          "alice", MESSAGE, signature, allowed, RevokedKeys.none(), Instant.now());
    } catch (UnacceptableSignature e) {
      throw new AssertionError(e);
    }
  }

  private String fingerprint(Path key) {
    return ssh.must("ssh-keygen", "-l", "-f", key + ".pub").text().split(" ")[1];
  }

  private Machine machine(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("HOME", home.toString());
    return new Machine(all, home);
  }

  /** With an agent of its own, whose socket must have a short path. */
  private void withAgent(Consumer<Machine> body) throws Exception {
    Path socket = Files.createTempDirectory("agent").resolve("s");
    Process agent =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      while (!Files.exists(socket)) {
        assertTrue(agent.isAlive(), "ssh-agent has ended");
        Thread.sleep(10);
      }
      ssh.with("SSH_AUTH_SOCK", socket.toString());
      body.accept(
          machine(
              Map.of(
                  "PATH",
                  System.getenv("PATH"),
                  "SSH_AUTH_SOCK",
                  socket.toString(),
                  "GIT_CONFIG_GLOBAL",
                  "/dev/null")));
    } finally {
      agent.destroy();
      agent.waitFor();
      Files.deleteIfExists(socket);
      Files.delete(socket.getParent());
    }
  }
}
