package dev.backout.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory as it is: each file's content, mode and time, so that any change shows. */
final class Fingerprint {
  private Fingerprint() {}

  static Map<String, String> of(Path root, String... without) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.toList()) {
        String name = root.relativize(file).toString();
        if (Stream.of(without).noneMatch(name::startsWith)) {
          files.put(name, describe(file));
        }
      }
    }
    return files;
  }

  private static String describe(Path file) throws IOException {
    String meta =
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
            + " "
            + Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
    return Files.isRegularFile(file) ? sha256(Files.readAllBytes(file)) + " " + meta : meta;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
