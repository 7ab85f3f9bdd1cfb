package dev.backout.signature;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A fresh ed25519 key pair in OpenSSH's file format, written without any program, for a demo.
 *
 * @param privateKey the private key's file, mode 0600, without a passphrase
 * @param publicKey the public key's file
 * @param publicKeyLine the public key as one line: type, base64, comment
 */
public record ThrowAwayKey(Path privateKey, Path publicKey, String publicKeyLine) {
  /**
   * Makes {@code id_ed25519} and {@code id_ed25519.pub} in {@code directory}; an existing file is
   * never replaced.
   */
  public static ThrowAwayKey create(Path directory) throws IOException {
    throw new IOException("No key can be made in " + directory + " yet.");
  }
}
