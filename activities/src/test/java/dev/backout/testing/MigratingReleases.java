package dev.backout.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Releases of the sample service that keep their data in SQLite and bring Alembic migrations: their
 * images hold Debian's Python with Alembic, and the project in {@code /app}. {@code /readyz} says
 * truly whether the schema goes with the release.
 */
public final class MigratingReleases {
  private static final String BASE = "with-alembic";

  private static final String PYTHON =
      "for each in /usr/bin/python3.11 /usr/lib/python3.11 /usr/lib/python3/dist-packages/sqlalchemy"
          + " /usr/lib/python3/dist-packages/alembic /usr/lib/python3/dist-packages/mako"
          + " /usr/lib/python3/dist-packages/markupsafe; do cp -a --parents $each .; done; "
          + "ldd /usr/bin/python3.11 /usr/lib/python3.11/lib-dynload/_sqlite3*.so"
          + " | grep -o '/[^ ]*[.]so[^ :]*' | grep ^/lib | sort -u | xargs cp -L --parents -t .; "
          + "ln -s ../usr/bin/python3.11 bin/python3; ";

  private static final String CURRENT =
      """
      import os, sqlite3
      # A release goes with a schema that is newer than what it knows: what was added since does it no harm.
      at = sqlite3.connect("file:/data/app.db?mode=ro", uri=True).execute("SELECT version_num FROM alembic_version").fetchone()[0]
      newest = max(name[:4] for name in os.listdir("/app/migrations/versions") if name.endswith(".py"))
      print("true" if at >= newest else "false")
      """;

  private final DockerEngine engine;
  private final Path root;

  private MigratingReleases(DockerEngine engine, Path root) {
    this.engine = engine;
    this.root = root;
  }

  public static MigratingReleases of(DockerEngine engine, Path root) {
    engine.makeImage(BASE, PYTHON);
    return new MigratingReleases(engine, root);
  }

  /** The project of a release, to add revisions to; {@link #make} makes its image. */
  public AlembicSite project(String tag) throws IOException {
    return AlembicSite.in(root.resolve(tag).resolve("app"), "sqlite:////data/app.db").shop();
  }

  /** The image of a release, on this machine alone. */
  public void make(String tag) throws IOException {
    Path context = root.resolve(tag);
    Files.writeString(context.resolve("app/current.py"), CURRENT);
    Files.writeString(context.resolve("version"), tag + "\n");
    Files.writeString(
        context.resolve("Dockerfile"), "FROM " + engine.reference(BASE) + "\nCOPY . /\n");
    DockerEngine.Said said =
        engine.docker("build", "--quiet", "--tag", engine.reference(tag), context.toString());
    if (said.exit() != 0) {
      throw new AssertionError(said.text());
    }
  }

  /** The service at that release, with its database in {@code var} and its schema at the head. */
  public ComposeSite layOut(Path home, String tag) throws IOException {
    ComposeSite site = ComposeSite.layOut(engine, home, tag);
    Files.createDirectories(home.resolve("var"));
    Path compose = home.resolve("compose.yaml");
    Files.writeString(
        compose,
        Files.readString(compose)
            .replace("command: [api]", "command: [api]\n    volumes: [\"./var:/data\"]"));
    DockerEngine.Said said =
        site.compose(
            "run",
            "--rm",
            "--no-deps",
            "-T",
            "--workdir",
            "/app",
            "api",
            "python3",
            "-m",
            "alembic.config",
            "upgrade",
            "head");
    if (said.exit() != 0) {
      throw new AssertionError(said.text());
    }
    return site.up();
  }
}
