package dev.backout.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that shows that something was done: copied first, and hashed as it was copied.
 *
 * @param sha256 hexadecimal
 */
record Attachment(String name, String sha256) {

  /**
   * @param prefix what the copy's name begins with
   */
  static Attachment keep(Path file, Path directory, String prefix) {
    String name = String.valueOf(file.getFileName());
    try {
      Path copy = Files.createDirectories(directory).resolve(prefix + "-" + name);
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(copy));
      return new Attachment(name, HexFormat.of().formatHex(hash));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.ERROR, file + " can't be attached: " + e.getMessage() + ". Nothing was ticked.");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
