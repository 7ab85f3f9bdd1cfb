package dev.backout.signature;

import dev.backout.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs with a person's own SSH key. */
public final class Signing {
  private Signing() {}

  /**
   * Signs through {@code ssh-keygen -Y sign}, so that agents, hardware keys and passphrases work;
   * its questions go to the terminal, so the caller should not be drawing on it. Without {@code
   * ssh-keygen} on the PATH, an ed25519 key file without a passphrase still works.
   *
   * @param key a private key's file, or a public key's whose private half the agent holds
   * @return the armoured signature
   */
  public static String sign(byte[] message, Path key) throws SigningFailed {
    return sign(message, new SigningKey.KeyFile(key, key.toString()));
  }

  /** As {@link #sign(byte[], Path)}, with a key that {@link #defaultKey} found. */
  public static String sign(byte[] message, SigningKey key) throws SigningFailed {
    return sign(message, key, Machine.here());
  }

  static String sign(byte[] message, SigningKey key, Machine machine) throws SigningFailed {
    if (key instanceof SigningKey.KeyFile file && !Files.isReadable(file.path())) {
      throw new SigningFailed(
          "Expected an SSH key in "
              + key.origin()
              + ", found no file that can be read. Name another, or make one: ssh-keygen -t ed25519");
    }
    Optional<Path> program = machine.program("ssh-keygen");
    return program.isPresent()
        ? new SshKeygen(machine, program.get()).sign(message, key)
        : signAlone(message, key);
  }

  private static String signAlone(byte[] message, SigningKey key) throws SigningFailed {
    if (!(key instanceof SigningKey.KeyFile file)) {
      throw new SigningFailed(
          "Expected ssh-keygen on the PATH to sign with "
              + key.origin()
              + ", found none. Install OpenSSH's client.");
    }
    try {
      return Ed25519KeyFile.parse(Files.readString(privateHalf(file.path())))
          .sign(message, SignatureVerifier.NAMESPACE)
          .armoured();
    } catch (Flaw e) {
      throw new SigningFailed(key.origin() + " can't be signed with. " + e.getMessage());
    } catch (IOException e) {
      // Its message could hold what was read, so it goes no further.
      throw new SigningFailed(
          key.origin() + " can't be read as a private key. Check its owner, mode and content.");
    }
  }

  private static Path privateHalf(Path key) {
    String name = String.valueOf(key.getFileName());
    return name.endsWith(".pub")
        ? key.resolveSibling(name.substring(0, name.length() - ".pub".length()))
        : key;
  }

  /**
   * The key to sign with: {@code explicit} if given, else the file in the environment variable
   * {@code BACKOUT_SSH_KEY}, else git's {@code user.signingkey} where {@code gpg.format} is {@code
   * ssh}, else the agent's first key, else the first of OpenSSH's usual files in {@code ~/.ssh}.
   *
   * @throws SigningFailed if there is none, saying how to make one
   */
  public static SigningKey defaultKey(@Nullable Path explicit) throws SigningFailed {
    return explicit == null
        ? new DefaultKey(Machine.here()).find()
        : new SigningKey.KeyFile(explicit, explicit.toString());
  }
}
