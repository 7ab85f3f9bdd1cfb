package dev.backout.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server of the tests' own that speaks S3, on loopback, in a directory of its own. An object is a
 * plain file there.
 */
public final class ObjectStorage implements AutoCloseable {
  public static final String KEY_ID = "AKIDOFTHETESTS";
  public static final String KEY = "s3cr3t-of-the-tests";

  private final Path root;
  private final int port = Daemon.freePort();
  private Daemon daemon;

  private ObjectStorage(Path root) throws IOException {
    this.root = root;
    for (String each : List.of("objects", "versions")) {
      Files.createDirectories(root.resolve(each));
    }
    this.daemon = run();
  }

  public static ObjectStorage start() {
    try {
      return new ObjectStorage(Files.createTempDirectory("backout-storage-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Daemon run() {
    return Daemon.start(
        root.resolve("log"),
        () -> Daemon.listens(port),
        List.of(
            "versitygw",
            "--access",
            KEY_ID,
            "--secret",
            KEY,
            "--port",
            "127.0.0.1:" + port,
            "--quiet",
            "posix",
            "--versioning-dir",
            root.resolve("versions").toString(),
            root.resolve("objects").toString()));
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The file that an object is. */
  public Path file(String bucket, String key) {
    return root.resolve("objects").resolve(bucket).resolve(key);
  }

  /** As if its machine had lost power. */
  public void kill() {
    daemon.kill();
  }

  /** With all that it had stored. */
  public void restart() {
    daemon = run();
  }

  @Override
  public void close() {
    daemon.kill();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
