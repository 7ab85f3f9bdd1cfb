package dev.backout.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The service's two processes, seen from outside. */
final class SiteService {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Path home;
  private final String baseUrl;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

  SiteService(Path home, String baseUrl) {
    this.home = home;
    this.baseUrl = baseUrl;
  }

  /** What an endpoint answered. */
  record Answer(int status, String body) {}

  /** Starts the API and the scheduler and waits until the API answers at all. */
  void start(String... apiOptions) throws IOException, InterruptedException {
    List<String> api = new ArrayList<>(List.of("api"));
    api.addAll(List.of(apiOptions));
    launch(api);
    launch(List.of("daemon"));
    awaitAnswer();
  }

  /** Without the terminal's Ctrl-C, which is for the command in the foreground. */
  private void launch(List<String> words) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
    command.add(home.resolve("bin/harvest").toString());
    command.addAll(words);
    var log = ProcessBuilder.Redirect.appendTo(home.resolve("logs/stderr.log").toFile());
    new ProcessBuilder(command)
        .directory(home.toFile())
        .redirectOutput(log)
        .redirectError(log)
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
        .start();
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (get("/health").isEmpty() || pid("daemon").isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "The service should answer at "
                + baseUrl
                + " within "
                + START.toSeconds()
                + " s and does not; see "
                + home.resolve("logs"));
      }
      Thread.sleep(50);
    }
  }

  /** Empty when nothing answers. */
  Optional<Answer> get(String path) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(baseUrl + path)).timeout(Duration.ofSeconds(10)).build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return Optional.of(new Answer(response.statusCode(), response.body()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Optional<Long> pid(String role) {
    try {
      return Optional.of(
          Long.parseLong(Files.readString(home.resolve("var/" + role + ".pid")).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Ends what the pid files name, by TERM and then by KILL; nothing that is not the service. */
  void stop() {
    List<ProcessHandle> running =
        List.of("api", "daemon").stream()
            .flatMap(role -> pid(role).stream())
            .flatMap(pid -> ProcessHandle.of(pid).stream())
            .filter(SiteService::isHarvester)
            .toList();
    running.forEach(ProcessHandle::destroy);
    running.forEach(SiteService::awaitEnd);
  }

  private static boolean isHarvester(ProcessHandle process) {
    String command = process.info().commandLine().orElse("");
    return command.contains(dev.backout.demo.harvester.Harvester.class.getName());
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(GRACE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      process.destroyForcibly();
    }
  }
}
