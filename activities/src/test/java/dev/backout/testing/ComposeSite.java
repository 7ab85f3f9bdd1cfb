package dev.backout.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A small service on Docker Compose: an API and its jobs, released by the tag of their image. */
public final class ComposeSite implements AutoCloseable {
  private final DockerEngine engine;
  private final Path home;
  private final int port;

  private ComposeSite(DockerEngine engine, Path home, int port) {
    this.engine = engine;
    this.home = home;
    this.port = port;
  }

  /** Its files; nothing runs yet. The image of that tag must have been published. */
  public static ComposeSite layOut(DockerEngine engine, Path home, String tag) throws IOException {
    ComposeSite site = new ComposeSite(engine, Files.createDirectories(home), engine.freePort());
    Files.copy(resource("compose.yaml"), home.resolve("compose.yaml"));
    Files.writeString(
        home.resolve(".env"),
        "# The service's settings\nREGISTRY="
            + engine.registry()
            + "\nIMAGE_TAG="
            + tag
            + "   # the release\nAPI_PORT="
            + site.port
            + "\nEXPORT_MODE=on\nMETRICS_TOKEN=tok3n-of-the-metrics\n");
    return site;
  }

  static Path resource(String name) {
    try {
      URI file =
          Objects.requireNonNull(ComposeSite.class.getResource("compose/" + name), name).toURI();
      if (file.getScheme().equals("file")) {
        return Path.of(file);
      }
      Path copy = Files.createTempDirectory("backout-compose-");
      for (String each : new String[] {"api", "jobs", "compose.yaml"}) {
        try (InputStream in = ComposeSite.class.getResourceAsStream("compose/" + each)) {
          Files.copy(Objects.requireNonNull(in), copy.resolve(each));
        }
      }
      return copy.resolve(name);
    } catch (URISyntaxException | IOException e) {
      throw new AssertionError(e);
    }
  }

  public ComposeSite up() {
    DockerEngine.Said said = compose("up", "--detach", "--wait");
    if (said.exit() != 0) {
      throw new AssertionError(said.text());
    }
    return this;
  }

  public DockerEngine.Said compose(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "compose";
    all[1] = "--project-directory";
    all[2] = home.toString();
    System.arraycopy(words, 0, all, 3, words.length);
    return engine.docker(all);
  }

  public Path home() {
    return home;
  }

  public String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public String environment() throws IOException {
    return Files.readString(home.resolve(".env"));
  }

  /** STATUS BODY of a page; what is wrong if there is no answer. */
  public String get(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(baseUrl() + path).toURL().openConnection();
    connection.setConnectTimeout(5_000);
    connection.setReadTimeout(5_000);
    try {
      int status = connection.getResponseCode();
      InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      return status + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "no answer: " + e;
    }
  }

  /** The id of the service's container; empty if there is none. */
  public String container(String service) {
    return compose("ps", "--all", "--quiet", service).text().strip();
  }

  @Override
  public void close() {
    compose("down", "--timeout", "1", "--volumes");
  }
}
