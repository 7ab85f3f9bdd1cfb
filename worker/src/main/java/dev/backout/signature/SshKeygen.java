package dev.backout.signature;

import dev.backout.machine.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Signs through the real {@code ssh-keygen}. */
final class SshKeygen {
  private final Machine machine;
  private final Path program;

  SshKeygen(Machine machine, Path program) {
    this.machine = machine;
    this.program = program;
  }

  String sign(byte[] message, SigningKey key) throws SigningFailed {
    try {
      Path directory = Files.createTempDirectory("backout-");
      try {
        return sign(message, key, directory);
      } finally {
        delete(directory);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new SigningFailed(
          "The message could not be handed to "
              + program
              + " through a temporary file ("
              + e.getMessage()
              + "). Check that "
              + System.getProperty("java.io.tmpdir")
              + " is writable and not full.");
    }
  }

  /**
   * The message goes through a file: with a piped standard input, ssh-keygen asks for no passphrase
   * on the terminal.
   */
  private String sign(byte[] message, SigningKey key, Path directory)
      throws IOException, SigningFailed {
    Path file = Files.write(directory.resolve("message"), message);
    Path keyFile = keyFile(key, directory);
    Process process =
        machine
            .process(
                List.of(
                    program.toString(),
                    "-Y",
                    "sign",
                    "-q",
                    "-n",
                    SignatureVerifier.NAMESPACE,
                    "-f",
                    keyFile.toString(),
                    file.toString()))
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int exitCode = exitCode(process);
    Path signature = directory.resolve("message.sig");
    if (exitCode != 0 || !Files.exists(signature)) {
      throw new SigningFailed(
          "ssh-keygen could not sign with "
              + key.origin()
              + " (exit code "
              + exitCode
              + "); what it said stands above. Check the passphrase, or that the agent holds the key: ssh-add -L");
    }
    return checked(Files.readString(signature), key);
  }

  private static Path keyFile(SigningKey key, Path directory) throws IOException {
    if (key instanceof SigningKey.AgentKey agent) {
      return Files.writeString(directory.resolve("key.pub"), agent.publicKey() + "\n");
    }
    return ((SigningKey.KeyFile) key).path();
  }

  private static int exitCode(Process process) throws SigningFailed {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SigningFailed("Signing was interrupted. Start it again.");
    } finally {
      process.destroy();
    }
  }

  /**
   * A signature that no verifier will accept is better refused here, where the key's owner sits.
   */
  private static String checked(String armoured, SigningKey key) throws SigningFailed {
    try {
      return SshSignature.parse(armoured).armoured();
    } catch (UnacceptableSignature e) {
      throw new SigningFailed(
          "A signature with " + key.origin() + " would not count. " + e.getMessage());
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
