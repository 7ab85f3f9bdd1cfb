package dev.backout.client;

import dev.backout.archive.Archive;
import dev.backout.archive.ServerRuns.Listing;
import dev.backout.config.Settings;
import dev.backout.server.BackgroundServer;
import dev.backout.server.ServerRecord;
import io.grpc.Metadata;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** To a server, or to none. */
final class Connection implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final @Nullable Link link;
  private final @Nullable WorkflowServiceStubs stubs;
  private final @Nullable ServerInfo server;
  private final String namespace;
  private final String instance;

  private Connection(
      @Nullable Link link,
      @Nullable WorkflowServiceStubs stubs,
      @Nullable ServerInfo server,
      String namespace,
      String instance) {
    this.link = link;
    this.stubs = stubs;
    this.server = server;
    this.namespace = namespace;
    this.instance = instance;
  }

  static Connection open(Settings settings) {
    return settings.remote().isPresent()
        ? remote(settings, settings.remote().get())
        : background(new BackgroundServer(settings).ensure());
  }

  static Connection openIfThere(Settings settings) {
    if (settings.remote().isPresent()) {
      return remote(settings, settings.remote().get());
    }
    Optional<ServerRecord> running = new BackgroundServer(settings).running();
    return running
        .map(Connection::background)
        .orElseGet(() -> new Connection(null, null, null, settings.namespace(), ""));
  }

  static Connection over(WorkflowServiceStubs stubs, ServerInfo server) {
    return new Connection(null, stubs, server, Settings.DEFAULT_NAMESPACE, server.address());
  }

  private static Connection remote(Settings settings, ClientConfigProfile profile) {
    Link link =
        Link.open(
            settings.remoteName(),
            profile.toWorkflowServiceStubsOptions(),
            false,
            "Check the address, or unset it to use this machine's background server.");
    ServerInfo server =
        new ServerInfo(
            String.valueOf(profile.getAddress()),
            "remote",
            link.version(),
            link.hasSearchAttributes());
    return new Connection(link, link.stubs(), server, settings.namespace(), server.address());
  }

  private static Connection background(ServerRecord record) {
    WorkflowServiceStubsOptions.Builder options =
        WorkflowServiceStubsOptions.newBuilder().setTarget(record.address());
    if (record.key() != null) {
      Metadata headers = new Metadata();
      headers.put(AUTHORIZATION, "Bearer " + record.key());
      options.setHeaders(headers);
    }
    Link link =
        Link.open(
            record.address() + " (this machine's background server)",
            options.build(),
            true,
            "`backout server status` says how it is; `backout server stop` ends it, and the next command starts another.");
    boolean inMemory = record.kind() == ServerRecord.Kind.IN_MEMORY;
    ServerInfo server =
        new ServerInfo(
            record.address(), inMemory ? "in-memory" : "development", record.version(), !inMemory);
    return new Connection(
        link, link.stubs(), server, Settings.DEFAULT_NAMESPACE, record.instance());
  }

  boolean isConnected() {
    return stubs != null;
  }

  WorkflowServiceStubs stubs() {
    if (stubs == null) {
      throw new ConnectionException(
          "This machine's background server isn't running. `backout server start` starts it, and so does `backout run`.");
    }
    return stubs;
  }

  ServerInfo server() {
    if (server == null) {
      throw new IllegalStateException("not connected");
    }
    return server;
  }

  String namespace() {
    return namespace;
  }

  /** What archived runs of this server are marked with; empty without a server. */
  String instance() {
    return instance;
  }

  Listing listing() {
    return server != null && server.kind().equals("in-memory")
        ? Listing.OPEN_AND_CLOSED
        : Listing.VISIBILITY;
  }

  /** Whether an archived run belongs into what this connection shows. */
  boolean shows(Archive.Entry entry) {
    // Runs of this machine's background servers belong together; those of another server do not.
    boolean remote = server != null && server.kind().equals("remote");
    return remote == entry.server().contains(":");
  }

  @Override
  public void close() {
    if (link != null) {
      link.close();
    }
  }
}
