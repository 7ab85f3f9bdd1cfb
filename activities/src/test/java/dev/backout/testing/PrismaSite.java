package dev.backout.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small project with Prisma migrations, on the PostgreSQL that its DATABASE_URL names. */
public final class PrismaSite {
  public static final String FIRST = "20260101000000_orders";
  public static final String SECOND = "20260201000000_status";

  private static final String SCHEMA =
      """
      datasource db {
        provider = "postgresql"
      }

      model orders {
        id   Int     @id
        note String?
      }
      """;

  private static final String CONFIG =
      """
      export default {
        schema: 'prisma/schema.prisma',
        migrations: { path: 'prisma/migrations' },
        datasource: { url: process.env.DATABASE_URL },
      }
      """;

  private final Path home;

  private PrismaSite(Path home) {
    this.home = home;
  }

  /** A project without migrations. */
  public static PrismaSite in(Path home) throws IOException {
    Files.createDirectories(home.resolve("prisma/migrations"));
    Files.writeString(home.resolve("prisma/schema.prisma"), SCHEMA);
    Files.writeString(home.resolve("prisma.config.mjs"), CONFIG);
    Files.writeString(
        home.resolve("prisma/migrations/migration_lock.toml"), "provider = \"postgresql\"\n");
    return new PrismaSite(home);
  }

  /** The tables of a shop: the first migration creates orders, the second adds a column to them. */
  public PrismaSite shop() throws IOException {
    return migration(FIRST, "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);")
        .migration(SECOND, "ALTER TABLE orders ADD COLUMN status TEXT;");
  }

  /** A migration with this SQL, also in the place of one that is there. */
  public PrismaSite migration(String name, String sql) throws IOException {
    Path directory = Files.createDirectories(home.resolve("prisma/migrations").resolve(name));
    Files.writeString(directory.resolve("migration.sql"), sql + "\n");
    return this;
  }

  public Path home() {
    return home;
  }
}
