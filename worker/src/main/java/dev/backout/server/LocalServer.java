package dev.backout.server;

import io.temporal.serviceclient.WorkflowServiceStubs;
import org.jspecify.annotations.Nullable;

/** What the background process holds. Closing it ends the server. */
sealed interface LocalServer extends AutoCloseable permits InMemoryServer, DevelopmentServer {
  ServerRecord.Kind kind();

  /** {@code 127.0.0.1:PORT}. */
  String address();

  /** What callers must bring; null if it can't ask for one. */
  @Nullable String key();

  String version();

  /** Stubs for the worker beside it. */
  WorkflowServiceStubs stubs();

  /** Returns when it has ended by itself; never for one that can't. */
  void await() throws InterruptedException;

  @Override
  void close();
}
