package dev.backout.server;

import dev.backout.config.StateDirectory;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.internal.testservice.TestServicesStarter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.UUID;

/**
 * Temporal's in-memory server, made fit to hold real runs: it listens on loopback only, asks each
 * caller for a key (loopback is open to every user of the machine), and lets timers run in real
 * time. A worker of this server in another process, which may end before it, needs {@code
 * setStickyQueueScheduleToStartTimeout(Duration.ZERO)}.
 */
public final class InMemoryServer implements LocalServer {
  private final TestServicesStarter services;
  private final Server overTcp;
  private final Server inProcess;
  private final ManagedChannel channel;
  private final String key;

  private InMemoryServer(
      TestServicesStarter services, Server overTcp, Server inProcess, String name, String key) {
    this.services = services;
    this.overTcp = overTcp;
    this.inProcess = inProcess;
    this.channel = InProcessChannelBuilder.forName(name).build();
    this.key = key;
  }

  /** Starts one on a free port. */
  public static InMemoryServer start() throws IOException {
    String key = UUID.randomUUID().toString();
    String name = "backout-" + key;
    // true: time skipping stays locked, so that a timer of four hours takes four hours.
    TestServicesStarter services = new TestServicesStarter(true, 0);
    NettyServerBuilder tcp =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .intercept(new KeyGuard(key));
    InProcessServerBuilder local = InProcessServerBuilder.forName(name);
    for (BindableService service : services.getServices()) {
      tcp.addService(service);
      local.addService(service);
    }
    return new InMemoryServer(services, tcp.build().start(), local.build().start(), name, key);
  }

  @Override
  public ServerRecord.Kind kind() {
    return ServerRecord.Kind.IN_MEMORY;
  }

  @Override
  public String version() {
    return "temporal-test-server "
        + TestServicesStarter.class.getPackage().getImplementationVersion();
  }

  @Override
  public void await() throws InterruptedException {
    overTcp.awaitTermination();
  }

  @Override
  public String address() {
    return "127.0.0.1:" + overTcp.getPort();
  }

  /** What a caller over TCP sends as {@code authorization: Bearer KEY}. */
  @Override
  public String key() {
    return key;
  }

  /** Stubs within this process, which need no key. Close them before the server. */
  @Override
  public WorkflowServiceStubs stubs() {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setChannel(channel).build());
  }

  /**
   * Writes this process into {@code server.json} as the background server, so that clients with
   * this state directory come here.
   */
  public ServerRecord announce(StateDirectory state) throws IOException {
    ServerRecord record = ServerRecord.of(this, key);
    record.write(state.prepare());
    return record;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    overTcp.shutdownNow();
    inProcess.shutdownNow();
    services.close();
  }
}
