package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files and directories of dumps: their hash, their length, that they stay and that they go. */
final class Durable {
  private static final int CHUNK = 1 << 20;

  private Durable() {}

  /**
   * Of a file, of its content. Of a directory, of the lines that {@code sha256sum} prints for its
   * files in the order of their names.
   *
   * @return 64 hexadecimal digits
   */
  static String sha256(Path path, ActionContext context) throws IOException {
    if (Files.isRegularFile(path)) {
      return sha256OfFile(path, context);
    }
    StringBuilder lines = new StringBuilder();
    for (Path file : files(path)) {
      lines.append(sha256OfFile(file, context)).append("  ").append(file.getFileName());
      lines.append('\n');
    }
    return Sha256.of(lines.toString());
  }

  private static String sha256OfFile(Path file, ActionContext context) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] some = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(some); count >= 0; count = in.read(some)) {
        digest.update(some, 0, count);
        context.heartbeat("hashing " + file.getFileName());
      }
    }
    return Sha256.of(digest);
  }

  /** In bytes. */
  static long size(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return Files.size(path);
    }
    long sum = 0;
    for (Path file : files(path)) {
      sum += Files.size(file);
    }
    return sum;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** A file, or a directory with what is in it; nothing if it isn't there. */
  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
