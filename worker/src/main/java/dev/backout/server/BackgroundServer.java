package dev.backout.server;

import dev.backout.config.Settings;
import dev.backout.config.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** This machine's background server, as other processes see it. */
public final class BackgroundServer {
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);

  /** An act under way may finish; see {@link ServerProcess}. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(20);

  private final Settings settings;
  private final StateDirectory state;

  public BackgroundServer(Settings settings) {
    this.settings = settings;
    this.state = settings.state();
  }

  /** The one that runs now; empty if none does, whatever {@code server.json} says. */
  public Optional<ServerRecord> running() {
    return ServerRecord.read(state).filter(record -> record.process().alive().isPresent());
  }

  /**
   * The one that runs now, started if none does. Two at once start one.
   *
   * @throws ServerException if it does not come up
   */
  public ServerRecord ensure() {
    return running().orElseGet(this::start);
  }

  private ServerRecord start() {
    state.prepare();
    try (ServerLock lock = ServerLock.toChange(state, START_PATIENCE)) {
      Optional<ServerRecord> other = running();
      return other.isPresent() ? other.get() : launch();
    } catch (IOException e) {
      throw new ServerException(
          "The background server can't be started: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while the background server was starting.", e);
    }
  }

  private ServerRecord launch() throws IOException, InterruptedException {
    Process process = new ServerLaunch(settings).start();
    long until = System.nanoTime() + START_PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      Optional<ServerRecord> running = running();
      if (running.isPresent()) {
        return running.get();
      }
      if (!process.isAlive()) {
        // Its last words may be in the record of a server that came up in the same moment.
        return running()
            .orElseThrow(() -> new ServerException(lastWords("ended while it was starting")));
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    process.destroy();
    throw new ServerException(
        lastWords("was not ready within " + START_PATIENCE.toSeconds() + " s"));
  }

  /**
   * Ends it: an act under way may take some seconds to finish, then the worker and the server go.
   * Of an in-memory server, runs that have not ended are interrupted for good.
   *
   * @return what was ended; empty if none ran
   * @throws ServerException if it can't be ended
   */
  public Optional<ServerRecord> stop() {
    Optional<ServerRecord> seen = running();
    if (seen.isEmpty()) {
      return seen;
    }
    try (ServerLock lock = ServerLock.toChange(state, START_PATIENCE)) {
      Optional<ServerRecord> running = running();
      if (running.isPresent()) {
        end(running.get());
      }
      return running;
    } catch (IOException e) {
      throw new ServerException(
          "The background server can't be stopped: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while the background server was stopping.", e);
    }
  }

  private void end(ServerRecord record) throws IOException, InterruptedException {
    if (!record.process().end(STOP_GRACE)) {
      throw new ServerException(
          "The background server (process " + record.pid() + ") does not end, even killed.");
    }
    // A server that was killed could not do these itself.
    DevelopmentServer.endOrphan(state);
    Files.deleteIfExists(state.serverFile());
  }

  private String lastWords(String what) {
    String said = LogTail.of(state.serverLog(), 15);
    return "The background server "
        + what
        + ". Its log "
        + state.serverLog()
        + (said.isEmpty() ? " is empty." : " ends with:\n" + said.indent(2).stripTrailing());
  }
}
