package dev.backout.server;

import dev.backout.archive.Archive;
import dev.backout.archive.Archiver;
import dev.backout.archive.ServerRuns;
import dev.backout.config.ConfigurationException;
import dev.backout.config.ServerChoice;
import dev.backout.config.Settings;
import dev.backout.config.StateDirectory;
import dev.backout.config.WorkerConfiguration;
import dev.backout.worker.WorkerAssembly;
import dev.backout.worker.WorkerAssembly.ServerHome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background process: server, worker and archiver, from start to end. Its arguments are the
 * state directory, the configuration directory, the task queue and the {@link ServerChoice}.
 */
public final class ServerProcess {
  private final StateDirectory state;
  private final Path configDirectory;
  private final String taskQueue;
  private final ServerChoice choice;
  private final String instance = UUID.randomUUID().toString();
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private volatile boolean ended;

  private ServerProcess(String[] arguments) {
    this.state = new StateDirectory(Path.of(arguments[0]));
    this.configDirectory = Path.of(arguments[1]);
    this.taskQueue = arguments[2];
    this.choice = ServerChoice.valueOf(arguments[3]);
  }

  public static void main(String[] arguments) throws IOException {
    ServerProcess process = new ServerProcess(arguments);
    PrintStream log =
        new PrintStream(new CappedLog(process.state.serverLog()), true, StandardCharsets.UTF_8);
    System.setErr(log);
    System.setOut(log);
    System.setProperty("org.slf4j.simpleLogger.showDateTime", "true");
    System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.setProperty("org.slf4j.simpleLogger.log.dev.backout", "info");
    Logger logger = LoggerFactory.getLogger(ServerProcess.class);
    int exit = 1;
    try {
      process.run(logger);
      exit = 0;
    } catch (ConfigurationException | ServerException e) {
      // The message is for the person whose command started this; it reads the log's end.
      logger.error("{}", e.getMessage());
    } catch (Exception e) {
      logger.error("The background server could not go on: {}", e.getMessage(), e);
    }
    // Netty and Temporal leave threads that are no daemons.
    System.exit(exit);
  }

  private void run(Logger logger) throws Exception {
    Optional<ServerLock> lock = ServerLock.toRun(state);
    if (lock.isEmpty()) {
      logger.info("Another background server is running.");
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(logger), "end"));
    try (LocalServer server = startServer()) {
      assemble(server);
      ServerRecord record = ServerRecord.of(server, instance);
      record.write(state);
      logger.info("Ready at {} ({}).", record.address(), record.version());
      RecordWatch.start(state, instance);
      server.await();
      if (!ended) {
        logger.error("The server ended by itself.");
      }
    }
  }

  private LocalServer startServer() throws IOException, InterruptedException {
    Optional<Path> program =
        choice == ServerChoice.IN_MEMORY ? Optional.empty() : DevelopmentServer.program();
    if (program.isEmpty() && choice == ServerChoice.DEVELOPMENT) {
      throw new ServerException(
          "BACKOUT_SERVER=development needs the program temporal on the PATH, and it isn't there. Install Temporal's command line, or set BACKOUT_SERVER=auto.");
    }
    LocalServer server =
        program.isPresent()
            ? DevelopmentServer.start(program.get(), state)
            : InMemoryServer.start();
    closeAtEnd(server);
    return server;
  }

  private void assemble(LocalServer server) throws IOException {
    boolean inMemory = server.kind() == ServerRecord.Kind.IN_MEMORY;
    ServerRuns runs =
        new ServerRuns(
            server.stubs(),
            Settings.DEFAULT_NAMESPACE,
            inMemory ? ServerRuns.Listing.OPEN_AND_CLOSED : ServerRuns.Listing.VISIBILITY);
    closeAtEnd(Archiver.start(runs, new Archive(state.archive()), instance, !inMemory));
    closeAtEnd(
        WorkerAssembly.start(
            server.stubs(),
            Settings.DEFAULT_NAMESPACE,
            taskQueue,
            inMemory ? ServerHome.IN_MEMORY_HERE : ServerHome.DURABLE,
            state,
            WorkerConfiguration.read(configDirectory, state)));
  }

  private synchronized void closeAtEnd(AutoCloseable part) {
    toClose.push(part);
  }

  /** Last in, first out: the worker finishes, the archive gets the last events, the server goes. */
  private synchronized void end(Logger logger) {
    if (ended) {
      return;
    }
    ended = true;
    try {
      if (ServerRecord.read(state)
          .filter(record -> record.instance().equals(instance))
          .isPresent()) {
        Files.deleteIfExists(state.serverFile());
      }
    } catch (IOException e) {
      logger.warn("server.json stays behind: {}", e.getMessage());
    }
    while (!toClose.isEmpty()) {
      AutoCloseable part = toClose.pop();
      try {
        part.close();
      } catch (Exception e) {
        logger.warn("{} did not end cleanly: {}", part.getClass().getSimpleName(), e.getMessage());
      }
    }
    logger.info("Ended.");
  }
}
