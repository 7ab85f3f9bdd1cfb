package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.TextOrSecret;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and how to log in, from a URL as applications write it: {@code postgresql://},
 * {@code postgres://}, SQLAlchemy's {@code postgresql+driver://}, {@code jdbc:postgresql://}.
 *
 * @param server the JDBC URL, without user and password
 * @param properties for the driver; they hold the password
 */
public record PostgresUrl(String server, Properties properties) {
  private static final String SCHEME = "jdbc:postgresql://";

  /** What the driver and libpq call the same. */
  private static final List<String> LIBPQ =
      List.of("sslmode", "sslrootcert", "sslcert", "sslkey", "options");

  private static final Pattern FORM =
      Pattern.compile(
          "(?:jdbc:)?postgres(?:ql)?(?:\\+[a-z0-9_]+)?://"
              + "(?:(?<login>[^/?]*)@)?(?<hosts>[^/?@]*)(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?",
          Pattern.CASE_INSENSITIVE);

  /** libpq's and SQLAlchemy's names for what the JDBC driver knows; others are left out. */
  private static final Map<String, String> PARAMETERS =
      Map.ofEntries(
          Map.entry("user", "user"),
          Map.entry("password", "password"),
          Map.entry("ssl", "ssl"),
          Map.entry("sslmode", "sslmode"),
          Map.entry("sslrootcert", "sslrootcert"),
          Map.entry("sslcert", "sslcert"),
          Map.entry("sslkey", "sslkey"),
          Map.entry("options", "options"),
          Map.entry("currentschema", "currentSchema"),
          Map.entry("application_name", "ApplicationName"),
          Map.entry("applicationname", "ApplicationName"),
          Map.entry("targetservertype", "targetServerType"));

  /**
   * @throws ActionException that says what is wrong without repeating the URL, which holds a
   *     password
   */
  public static PostgresUrl parse(String url) throws ActionException {
    Matcher parts = FORM.matcher(url.strip());
    if (!parts.matches()) {
      throw invalid("it is none. Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE");
    }
    Properties properties = new Properties();
    login(parts.group("login"), properties);
    query(parts.group("query"), properties);
    String hosts = parts.group("hosts").isEmpty() ? "localhost" : parts.group("hosts");
    String user = properties.getProperty("user", System.getProperty("user.name"));
    properties.setProperty("user", user);
    String database = parts.group("database");
    String name = database == null || database.isEmpty() ? user : decode(database);
    return new PostgresUrl(SCHEME + hosts + "/" + encode(name), properties);
  }

  /**
   * @param database the one that is meant; null for the URL's own
   * @throws ActionException as {@link #parse}, or if there is no such secret
   */
  static PostgresUrl of(TextOrSecret url, @Nullable String database, ActionContext context)
      throws ActionException {
    PostgresUrl parsed = parse(context.reveal(url.text()));
    return database == null ? parsed : parsed.at(database);
  }

  private static void login(@Nullable String login, Properties properties) throws ActionException {
    if (login == null || login.isEmpty()) {
      return;
    }
    String[] parts = login.split(":", 2);
    properties.setProperty("user", decode(parts[0]));
    if (parts.length == 2) {
      properties.setProperty("password", decode(parts[1]));
    }
  }

  private static void query(@Nullable String query, Properties properties) throws ActionException {
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      String name = parts[0].toLowerCase(Locale.ROOT);
      String value = parts.length == 2 ? decode(parts[1]) : "";
      if (name.equals("host")) {
        throw invalid("it names a Unix socket, which can't be used. Name a host and a port");
      }
      if (name.equals("ssl") && value.matches("disable|allow|prefer|require|verify-.*")) {
        properties.setProperty("sslmode", value);
      } else if (PARAMETERS.containsKey(name)) {
        properties.setProperty(PARAMETERS.get(name), value);
      }
    }
  }

  private static String decode(String text) throws ActionException {
    try {
      // A plus stands for itself here, as libpq reads it.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid("a % in it is not followed by two hexadecimal digits. Write %25 for a %");
    }
  }

  private static ActionException invalid(String why) {
    return new ActionException(
        ActionException.Kind.INVALID_INPUT,
        "The URL is not one of a PostgreSQL server: " + why + ".");
  }

  /** Another database of the same server, by the same login. */
  PostgresUrl at(String database) {
    return new PostgresUrl(SCHEME + hosts() + "/" + encode(database), properties);
  }

  String database() {
    return URLDecoder.decode(
        server.substring(server.indexOf('/', SCHEME.length()) + 1), StandardCharsets.UTF_8);
  }

  String hosts() {
    return server.substring(SCHEME.length(), server.indexOf('/', SCHEME.length()));
  }

  String user() {
    return properties.getProperty("user", "");
  }

  String password() {
    return properties.getProperty("password", "");
  }

  /** The same as PostgreSQL's own programs read it, without the password. */
  String libpq() {
    StringBuilder url = new StringBuilder("postgresql://");
    url.append(encode(user())).append('@').append(hosts()).append('/').append(encode(database()));
    String separator = "?";
    for (String name : LIBPQ) {
      String value = properties.getProperty(name);
      if (value != null) {
        url.append(separator).append(name).append('=').append(encode(value));
        separator = "&";
      }
    }
    return url.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return server;
  }
}
