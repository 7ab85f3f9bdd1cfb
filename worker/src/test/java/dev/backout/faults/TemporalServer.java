package dev.backout.faults;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code temporal server start-dev} with a database file, which can be killed and started again.
 */
final class TemporalServer implements AutoCloseable {
  private final Path directory;
  private final int port;
  private final List<String> more;
  private Process process;

  private TemporalServer(Path directory, int port, List<String> more) throws IOException {
    this.directory = directory;
    this.port = port;
    this.more = more;
    this.process = launch();
  }

  /**
   * @param settings of its dynamic configuration, as {@code key=value}
   */
  static TemporalServer start(Path directory, String... settings)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    List<String> more =
        Stream.of(settings).flatMap(each -> Stream.of("--dynamic-config-value", each)).toList();
    TemporalServer server = new TemporalServer(directory, port, more);
    server.awaitReady();
    return server;
  }

  private Process launch() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "temporal",
                "server",
                "start-dev",
                "--headless",
                "--ip",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--db-filename",
                directory.resolve("temporal.db").toString(),
                "--sqlite-pragma",
                "journal_mode=WAL",
                "--log-level",
                "error",
                "--dynamic-config-value",
                "history.transferProcessorMaxPollRPS=1000"));
    command.addAll(more);
    return new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(directory.resolve("temporal.log").toFile()))
        .start();
  }

  private void awaitReady() throws InterruptedException {
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new AssertionError("Temporal has ended; see " + directory);
        }
        Thread.sleep(20);
      }
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** With SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** On the same database and port. */
  void startAgain() throws IOException, InterruptedException {
    process = launch();
    awaitReady();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
