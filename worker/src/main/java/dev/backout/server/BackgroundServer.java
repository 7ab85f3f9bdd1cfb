package dev.backout.server;

import dev.backout.config.Settings;
import java.util.Optional;

/** This machine's background server, as other processes see it. */
public final class BackgroundServer {
  private final Settings settings;

  public BackgroundServer(Settings settings) {
    this.settings = settings;
  }

  /** The one that runs now; empty if none does, whatever {@code server.json} says. */
  public Optional<ServerRecord> running() {
    return ServerRecord.read(settings.state());
  }

  /** The one that runs now, started if none does. */
  public ServerRecord ensure() {
    return running().orElseThrow(() -> new UnsupportedOperationException("not started yet"));
  }
}
