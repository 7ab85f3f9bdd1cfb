package dev.backout.cli;

import dev.backout.catalog.ActionCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The actions that came with this Backout. */
final class Catalogs {
  private static final String DOCUMENT = "/backout-catalog.json";

  private Catalogs() {}

  static ActionCatalog own() {
    try (InputStream document = Catalogs.class.getResourceAsStream(DOCUMENT)) {
      if (document == null) {
        throw new CommandFailure(
            ExitCode.ERROR,
            "This build of Backout has no list of actions ("
                + DOCUMENT
                + " is not in its jars). Build it again: mvn package.");
      }
      return ActionCatalog.read(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
