package dev.backout.action.sync.compare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One PostgreSQL for these tests, with a schema for each, and SQLite files. */
final class Databases implements AutoCloseable {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private final EmbeddedPostgres server;

  private Databases(EmbeddedPostgres server) {
    this.server = server;
  }

  static final class Extension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Databases.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(Databases.class))
          .getOrComputeIfAbsent("databases", key -> start(), Databases.class);
    }

    private static Databases start() {
      try {
        return new Databases(EmbeddedPostgres.builder().start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A new schema with this in it; its name. */
  String schema(String... sql) throws SQLException {
    String name = "s" + SCHEMAS.incrementAndGet();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + name + "; SET search_path = " + name);
      for (String each : sql) {
        statement.execute(each);
      }
    }
    return name;
  }

  Connection connect() throws SQLException {
    return server.getPostgresDatabase().getConnection();
  }

  static Path sqlite(Path file, String... sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String each : sql) {
        statement.execute(each);
      }
    }
    return file;
  }

  /** The secret DATABASE_URL is the server. */
  PlainContext context() {
    return new PlainContext()
        .secret(
            "DATABASE_URL",
            "postgresql://postgres:p4ssword@127.0.0.1:" + server.getPort() + "/postgres");
  }

  JsonNode run(String action, String input) throws Exception {
    return Catalog.run(action, input, context());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
