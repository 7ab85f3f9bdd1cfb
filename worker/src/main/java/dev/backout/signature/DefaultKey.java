package dev.backout.signature;

import dev.backout.machine.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the key that a person most likely means. */
final class DefaultKey {
  private static final String VARIABLE = "BACKOUT_SSH_KEY";
  private static final List<String> FILES =
      List.of("id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk");

  private final Machine machine;

  DefaultKey(Machine machine) {
    this.machine = machine;
  }

  SigningKey find() throws SigningFailed {
    return fromEnvironment()
        .or(this::fromGit)
        .or(this::fromAgent)
        .or(this::fromHome)
        .orElseThrow(
            () ->
                new SigningFailed(
                    "Expected an SSH key to sign with; found none in "
                        + VARIABLE
                        + ", git's user.signingkey, the SSH agent or "
                        + machine.home().resolve(".ssh")
                        + ". Make one: ssh-keygen -t ed25519"));
  }

  private Optional<SigningKey> fromEnvironment() {
    return machine.variable(VARIABLE).map(path -> file(path, VARIABLE));
  }

  private Optional<SigningKey> fromGit() {
    if (!machine.ask("git", "config", "--get", "gpg.format").equals(Optional.of("ssh"))) {
      return Optional.empty();
    }
    return machine
        .ask("git", "config", "--get", "user.signingkey")
        .filter(value -> !value.isEmpty())
        .map(DefaultKey::withoutPrefix)
        .map(value -> isPublicKey(value) ? agent(value, GIT) : file(value, GIT));
  }

  private static final String GIT = "git's user.signingkey";

  /** Git writes a key itself, as opposed to its file, behind this. */
  private static String withoutPrefix(String value) {
    return value.startsWith("key::") ? value.substring("key::".length()) : value;
  }

  private Optional<SigningKey> fromAgent() {
    if (machine.variable("SSH_AUTH_SOCK").isEmpty()) {
      return Optional.empty();
    }
    return machine.ask("ssh-add", "-L").stream()
        .flatMap(String::lines)
        .filter(DefaultKey::isPublicKey)
        .findFirst()
        .map(line -> agent(line, "the first key of the SSH agent"));
  }

  private Optional<SigningKey> fromHome() {
    return FILES.stream()
        .map(name -> machine.home().resolve(".ssh").resolve(name))
        .filter(Files::isRegularFile)
        .findFirst()
        .map(path -> new SigningKey.KeyFile(path, path.toString()));
  }

  private SigningKey file(String path, String origin) {
    Path file = path.startsWith("~/") ? machine.home().resolve(path.substring(2)) : Path.of(path);
    return new SigningKey.KeyFile(file, origin + " (" + file + ")");
  }

  private static SigningKey agent(String line, String origin) {
    return new SigningKey.AgentKey(line, origin);
  }

  private static boolean isPublicKey(String line) {
    String[] words = line.split("[ \t]+");
    try {
      if (words.length > 1 && Stream.of(KeyType.values()).anyMatch(type -> names(type, words[0]))) {
        SshKey.parse(AllowedSigner.decode(words[1]));
        return true;
      }
    } catch (Flaw e) {
      // A key that no verifier would accept.
    }
    return false;
  }

  private static boolean names(KeyType type, String word) {
    return word.equals(type.name) || word.equals(type.certificateName);
  }
}
