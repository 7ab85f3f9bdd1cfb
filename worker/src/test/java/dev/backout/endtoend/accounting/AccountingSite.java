package dev.backout.endtoend.accounting;

import dev.backout.launch.OwnJava;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An accounting service's directory on this machine, and the service in it. */
public final class AccountingSite implements AutoCloseable {
  private final Path home;
  private final int port = freePort();

  private AccountingSite(Path home) {
    this.home = home;
  }

  /**
   * @param variables what its .env says
   */
  public static AccountingSite layOut(Path home, Map<String, String> variables) throws IOException {
    AccountingSite site = new AccountingSite(home);
    Files.createDirectories(home.resolve("scripts"));
    OwnJava.writeArguments(home.resolve("java.args"));
    site.say(variables);
    Path smoke =
        Files.writeString(
            home.resolve("scripts/smoke_tests.sh"),
            "#!/bin/sh\nexec java @java.args "
                + SmokeTests.class.getName()
                + " http://127.0.0.1:"
                + site.port
                + "\n");
    Files.setPosixFilePermissions(smoke, PosixFilePermissions.fromString("rwxr-xr-x"));
    return site;
  }

  /** What its .env says from now on. */
  public void say(Map<String, String> variables) throws IOException {
    StringBuilder text = new StringBuilder("# the accounting service's\n");
    variables.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    Files.writeString(home.resolve(".env"), text.toString());
  }

  public Path home() {
    return home;
  }

  public int port() {
    return port;
  }

  public String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  /** What starts it in its directory, where it serves on the port. */
  public List<String> command(int onPort) {
    return List.of(
        "java",
        "@" + home.resolve("java.args"),
        Accounting.class.getName(),
        home.toString(),
        Integer.toString(onPort));
  }

  /** With the variables of its .env. */
  public void start() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(port)).directory(home.toFile());
    for (String line : Files.readAllLines(home.resolve(".env"))) {
      if (!line.startsWith("#")) {
        String[] variable = line.split("=", 2);
        builder.environment().put(variable[0], variable[1]);
      }
    }
    Path output = home.resolve("accounting.out");
    Process unused = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    for (int i = 0; i < 300; i++) {
      try {
        get("/readyz");
        return;
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    throw new AssertionError("The service does not answer: " + Files.readString(output));
  }

  public String get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(baseUrl() + path)).build());
  }

  /** Posts a sale. */
  public String post(String amount) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(baseUrl() + "/api/v1/journals"))
            .POST(HttpRequest.BodyPublishers.ofString(amount))
            .build());
  }

  private static String send(HttpRequest request) throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Those that serve in the directory, on any port. */
  public Stream<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .arguments()
                    .map(List::of)
                    .filter(words -> words.contains(home.toString()))
                    .filter(words -> words.contains(Accounting.class.getName()))
                    .isPresent());
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    processes().forEach(ProcessHandle::destroyForcibly);
  }
}
