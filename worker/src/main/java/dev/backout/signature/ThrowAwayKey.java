package dev.backout.signature;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;

/**
 * A fresh ed25519 key pair in OpenSSH's file format, written without any program, for a demo.
 *
 * @param privateKey the private key's file, mode 0600, without a passphrase
 * @param publicKey the public key's file
 * @param publicKeyLine the public key as one line: type, base64, comment
 */
public record ThrowAwayKey(Path privateKey, Path publicKey, String publicKeyLine) {
  private static final String COMMENT = "throw-away";
  private static final int KEY_LENGTH = 32;

  /**
   * Makes {@code id_ed25519} and {@code id_ed25519.pub} in {@code directory}; an existing file is
   * never replaced.
   */
  public static ThrowAwayKey create(Path directory) throws IOException {
    Path privateFile = directory.resolve("id_ed25519");
    Path publicFile = directory.resolve("id_ed25519.pub");
    if (Files.exists(publicFile)) {
      throw new FileAlreadyExistsException(publicFile.toString());
    }
    KeyPair pair = pair();
    byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] publicKey = Arrays.copyOfRange(encoded, encoded.length - KEY_LENGTH, encoded.length);
    String line =
        KeyType.ED25519.name
            + " "
            + Base64.getEncoder().encodeToString(Ed25519KeyFile.publicBlob(publicKey))
            + " "
            + COMMENT;
    int check = new SecureRandom().nextInt();
    write(privateFile, Ed25519KeyFile.text(seed, publicKey, check, COMMENT));
    Files.writeString(publicFile, line + "\n", StandardOpenOption.CREATE_NEW);
    return new ThrowAwayKey(privateFile, publicFile, line);
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
  }

  /** Nobody else can read it at any moment: the mode is given when the file is made. */
  private static void write(Path file, String text) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel =
        Files.newByteChannel(
            file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }
}
