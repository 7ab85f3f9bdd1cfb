package dev.backout.demo.harvester;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code .env} and {@code config/settings.yaml} say. {@code DATABASE_URL} in {@code .env}
 * comes first, then {@code HARVEST_DB_PATH}, then the file of settings.
 *
 * @param jdbcUrl with the password in it, where there is one
 * @param shownDatabase the same for logs, without the password
 * @param port what the API listens on, on loopback
 * @param maintenance whether {@code /health} says so instead of {@code ok}, still with status 200
 * @param harvestEvery how often the scheduler looks for something new
 */
record Settings(
    String jdbcUrl, String shownDatabase, int port, boolean maintenance, Duration harvestEvery) {

  static Settings read(Path home) throws IOException {
    Map<String, String> env = dotenv(home.resolve(".env"));
    JsonNode app = settings(home.resolve("config/settings.yaml")).path("app");
    String database = database(env, app);
    return new Settings(
        jdbc(database, home),
        withoutPassword(database),
        port(env, app),
        app.path("maintenance").asBoolean(false),
        harvestEvery(app.path("scheduler")));
  }

  private static Duration harvestEvery(JsonNode scheduler) {
    return scheduler.has("everySeconds")
        ? Duration.ofMillis((long) (scheduler.path("everySeconds").asDouble() * 1000))
        : Duration.ofMinutes(scheduler.path("everyMinutes").asLong(60));
  }

  private static String database(Map<String, String> env, JsonNode app) {
    String url = env.get("DATABASE_URL");
    if (url != null) {
      return url;
    }
    String path = env.get("HARVEST_DB_PATH");
    if (path != null) {
      return "sqlite:///" + path;
    }
    String set = app.path("database").path("url").asText("");
    if (set.isEmpty()) {
      throw new IllegalArgumentException(
          "no database: set DATABASE_URL or HARVEST_DB_PATH in .env, or app.database.url in"
              + " config/settings.yaml");
    }
    return set;
  }

  private static String jdbc(String database, Path home) {
    if (database.startsWith("sqlite:///")) {
      return "jdbc:sqlite:" + home.resolve(database.substring("sqlite:///".length()));
    }
    URI uri = URI.create(database);
    if (!"postgresql".equals(uri.getScheme()) || uri.getUserInfo() == null) {
      throw new IllegalArgumentException(
          "a database URL is postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:///PATH");
    }
    String[] user = uri.getUserInfo().split(":", 2);
    return "jdbc:postgresql://"
        + uri.getHost()
        + ":"
        + uri.getPort()
        + uri.getPath()
        + "?user="
        + user[0]
        + "&password="
        + user[user.length - 1]
        + "&connectTimeout=2&socketTimeout=5&loginTimeout=3";
  }

  private static String withoutPassword(String database) {
    return database.replaceFirst("//([^:/@]+):[^@]*@", "//$1@");
  }

  private static int port(Map<String, String> env, JsonNode app) {
    String port = env.get("HARVEST_PORT");
    return port == null ? app.path("port").asInt(8000) : Integer.parseInt(port);
  }

  private static Map<String, String> dotenv(Path file) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        values.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1).strip()));
      }
    }
    return values;
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && (value.startsWith("\"") && value.endsWith("\""));
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static JsonNode settings(Path file) throws IOException {
    if (!Files.exists(file)) {
      return MissingNode.getInstance();
    }
    return Objects.requireNonNullElse(
        new YAMLMapper().readTree(file.toFile()), MissingNode.getInstance());
  }
}
