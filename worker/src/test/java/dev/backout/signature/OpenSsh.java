package dev.backout.signature;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The real {@code ssh-keygen}, {@code ssh-agent} and {@code ssh-add}, working in one directory. */
final class OpenSsh {
  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private int files;

  OpenSsh(Path directory) {
    this.directory = directory;
  }

  /** An environment variable for the programs; null takes it away. */
  OpenSsh with(String name, @Nullable String value) {
    environment.put(name, value);
    return this;
  }

  /** What a program said, on either channel. */
  record Answer(int exitCode, String text) {}

  Answer run(String... command) {
    return run(List.of(command), new byte[0]);
  }

  Answer run(List<String> command, byte[] input) {
    try {
      Path in = Files.write(fresh("in"), input);
      Path out = fresh("out");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(in.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile());
      builder.environment().remove("SSH_AUTH_SOCK");
      environment.forEach(
          (name, value) -> {
            if (value == null) {
              builder.environment().remove(name);
            } else {
              builder.environment().put(name, value);
            }
          });
      Process process = builder.start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      return new Answer(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Answer must(String... command) {
    Answer answer = run(command);
    if (answer.exitCode() != 0) {
      throw new AssertionError(List.of(command) + " says: " + answer.text());
    }
    return answer;
  }

  /** A key pair without a passphrase. */
  Path key(String name, String... options) {
    List<String> command =
        new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-C", name, "-f", name));
    command.addAll(List.of(options));
    must(command.toArray(String[]::new));
    return directory.resolve(name);
  }

  /** Type and base64 of a key's public half. */
  static String line(Path key) {
    String[] words = text(Path.of(key + ".pub")).split(" ");
    return words[0] + " " + words[1].strip();
  }

  /** Certifies a key, and returns the certificate's file, which a signature is made with. */
  Path certify(Path authority, Path key, String... options) {
    List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-s", authority.toString()));
    command.addAll(List.of(options));
    command.add(key + ".pub");
    must(command.toArray(String[]::new));
    Path certificate = Path.of(key + "-cert.pub");
    try {
      return Files.move(
          certificate, directory.resolve("cert-" + files++ + "-" + key.getFileName() + ".pub"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A copy of a private key that lies beside a certificate, as ssh-keygen looks for it. */
  String signWithCertificate(Path certificate, Path key, byte[] message) {
    try {
      Path home = Files.createTempDirectory(directory, "certified");
      Files.copy(key, home.resolve("key"));
      Files.copy(Path.of(key + ".pub"), home.resolve("key.pub"));
      Files.copy(certificate, home.resolve("key-cert.pub"));
      return sign(home.resolve("key-cert.pub"), "backout", message);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String sign(Path key, byte[] message, String... options) {
    return sign(key, "backout", message, List.of(options));
  }

  String sign(Path key, String namespace, byte[] message) {
    return sign(key, namespace, message, List.of());
  }

  private String sign(Path key, String namespace, byte[] message, List<String> options) {
    try {
      Path file = Files.write(fresh("message"), message);
      List<String> command =
          new ArrayList<>(
              List.of("ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", key.toString()));
      command.addAll(options);
      command.add(file.toString());
      must(command.toArray(String[]::new));
      return Files.readString(Path.of(file + ".sig"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The verdict of {@code ssh-keygen -Y verify}. */
  Answer verify(
      String principal,
      String signature,
      byte[] message,
      String allowed,
      @Nullable Path revoked,
      @Nullable String at) {
    try {
      List<String> command =
          new ArrayList<>(List.of("ssh-keygen", "-Y", "verify", "-n", "backout", "-I", principal));
      command.addAll(List.of("-f", Files.writeString(fresh("allowed"), allowed).toString()));
      command.addAll(List.of("-s", Files.writeString(fresh("sig"), signature).toString()));
      if (revoked != null) {
        command.addAll(List.of("-r", revoked.toString()));
      }
      if (at != null) {
        command.add("-Overify-time=" + at);
      }
      return run(command, message);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Path file(String text) {
    try {
      return Files.writeString(fresh("file"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Path fresh(String kind) {
    return directory.resolve(kind + "-" + files++);
  }
}
