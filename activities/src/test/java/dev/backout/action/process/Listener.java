package dev.backout.action.process;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/** A process that listens on a port, as a service would. */
final class Listener implements AutoCloseable {
  private final Process process;
  private final int port;

  private Listener(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static Listener start(Path directory) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                Listener.class.getName())
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    return new Listener(process, Integer.parseInt(process.inputReader().readLine()));
  }

  public static void main(String[] args) throws Exception {
    try (ServerSocket socket =
        new ServerSocket(
            args.length == 0 ? 0 : Integer.parseInt(args[0]),
            1,
            InetAddress.getLoopbackAddress())) {
      System.out.println(socket.getLocalPort());
      while (true) {
        socket.accept().close();
      }
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
