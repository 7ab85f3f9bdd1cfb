package dev.backout.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small project with Alembic migrations, on the database that its DATABASE_URL names. */
public final class AlembicSite {
  /** Debian's, which has Alembic; another Python may stand before it on the PATH. */
  public static final String PYTHON = "/usr/bin/python3";

  private static final String ENV =
      """
      import os
      from alembic import context
      from sqlalchemy import create_engine, pool

      url = os.environ.get("DATABASE_URL") or context.config.get_main_option("sqlalchemy.url")

      if context.is_offline_mode():
          context.configure(url=url, literal_binds=True)
          with context.begin_transaction():
              context.run_migrations()
      else:
          with create_engine(url, poolclass=pool.NullPool).connect() as connection:
              context.configure(connection=connection)
              with context.begin_transaction():
                  context.run_migrations()
      """;

  private final Path home;

  private AlembicSite(Path home) {
    this.home = home;
  }

  /**
   * A project without revisions.
   *
   * @param url for SQLAlchemy
   */
  public static AlembicSite in(Path home, String url) throws IOException {
    AlembicSite site = new AlembicSite(home);
    Files.createDirectories(home.resolve("migrations/versions"));
    Files.writeString(
        home.resolve("alembic.ini"),
        "[alembic]\nscript_location = migrations\nsqlalchemy.url = "
            + url.replace("%", "%%")
            + "\n");
    Files.writeString(home.resolve("migrations/env.py"), ENV);
    return site;
  }

  /** The tables of a shop: {@code 0001} creates orders, {@code 0002} adds a column to them. */
  public AlembicSite shop() throws IOException {
    revision(
        "0001",
        "None",
        "create the orders",
        "op.create_table('orders', sa.Column('id', sa.Integer, primary_key=True), sa.Column('note', sa.String(80)))",
        "op.drop_table('orders')");
    return revision(
        "0002",
        "'0001'",
        "a status for orders",
        "op.add_column('orders', sa.Column('status', sa.String(20)))",
        "with op.batch_alter_table('orders') as batch:\n        batch.drop_column('status')");
  }

  /** A revision with these bodies. */
  public AlembicSite revision(String id, String down, String doc, String upgrade, String downgrade)
      throws IOException {
    return file(
        id,
        down,
        doc,
        "def upgrade():\n    " + upgrade + "\n\n\ndef downgrade():\n    " + downgrade + "\n");
  }

  /** A revision with this source after its head. */
  public AlembicSite file(String id, String down, String doc, String source) throws IOException {
    Files.writeString(
        version(id),
        "\"\"\"%s\"\"\"\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = '%s'\ndown_revision = %s\n\n\n%s"
            .formatted(doc, id, down, source));
    return this;
  }

  public Path version(String id) {
    return home.resolve("migrations/versions/" + id + ".py");
  }

  public Path home() {
    return home;
  }

  /** By Alembic itself, as a person would. */
  public AlembicSite alembic(String... words) throws IOException, InterruptedException {
    String[] all = new String[words.length + 3];
    all[0] = PYTHON;
    all[1] = "-m";
    all[2] = "alembic.config";
    System.arraycopy(words, 0, all, 3, words.length);
    Process process =
        new ProcessBuilder(all).directory(home.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
    return this;
  }
}
