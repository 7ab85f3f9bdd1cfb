package dev.backout.client;

import dev.backout.workflow.SearchFields;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.temporal.api.workflowservice.v1.GetSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Stubs with an event loop of their own, so that a command ends at once when it closes them. */
final class Link implements AutoCloseable {
  /** From the first packet to the first answer of a server that may not be one. */
  static final Duration OF_A_STRANGER = Duration.ofSeconds(2);

  /** For a server that is known to be one: its machine may be very busy just now. */
  static final Duration OF_A_KNOWN_SERVER = Duration.ofSeconds(20);

  private final NioEventLoopGroup loop;
  private final WorkflowServiceStubs stubs;

  private Link(NioEventLoopGroup loop, WorkflowServiceStubs stubs) {
    this.loop = loop;
    this.stubs = stubs;
  }

  /**
   * Connects and asks the server for its version.
   *
   * @param name how people know the server
   * @throws ConnectionException within {@code patience} if nothing listens, or if what listens
   *     doesn't answer as a Temporal server
   */
  static Link open(
      String name, WorkflowServiceStubsOptions options, Duration patience, String whatToDo) {
    long deadline = System.nanoTime() + patience.toNanos();
    // gRPC alone would try for seven seconds and more.
    probe(name, options.getTarget(), patience, whatToDo);
    NioEventLoopGroup loop = new NioEventLoopGroup(1);
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder(options)
                .setChannelInitializer(
                    builder -> {
                      if (builder instanceof NettyChannelBuilder netty) {
                        netty.eventLoopGroup(loop).channelType(NioSocketChannel.class);
                      }
                    })
                .build());
    Link link = new Link(loop, stubs);
    try {
      link.version(left(deadline));
      return link;
    } catch (StatusRuntimeException e) {
      link.close();
      throw new ConnectionException(refusal(name, e.getStatus(), patience, whatToDo), e);
    }
  }

  WorkflowServiceStubs stubs() {
    return stubs;
  }

  /** The server's version; empty where it doesn't say. */
  String version() {
    return version(OF_A_KNOWN_SERVER);
  }

  private String version(Duration patience) {
    return stubs
        .blockingStub()
        .withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS)
        .getSystemInfo(GetSystemInfoRequest.getDefaultInstance())
        .getServerVersion();
  }

  boolean hasSearchAttributes() {
    try {
      return stubs
          .blockingStub()
          .withDeadlineAfter(OF_A_KNOWN_SERVER.toNanos(), TimeUnit.NANOSECONDS)
          .getSearchAttributes(GetSearchAttributesRequest.getDefaultInstance())
          .getKeysMap()
          .keySet()
          .containsAll(SearchFields.NAMES);
    } catch (StatusRuntimeException e) {
      // Some servers don't say; a run without them misses only filters in Temporal's own UI.
      return false;
    }
  }

  @Override
  public void close() {
    stubs.shutdownNow();
    var unused = loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
  }

  private static void probe(String name, String target, Duration patience, String whatToDo) {
    String address = target.contains("://") ? target.replaceFirst("^.*/", "") : target;
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? address : address.substring(0, colon).replaceAll("[\\[\\]]", "");
    int port = port(name, colon < 0 ? "7233" : address.substring(colon + 1));
    InetSocketAddress resolved = new InetSocketAddress(host, port);
    if (resolved.isUnresolved()) {
      throw new ConnectionException(
          "The Temporal server " + name + " has an unknown host: " + host + ". " + whatToDo);
    }
    try (Socket socket = new Socket()) {
      socket.connect(resolved, (int) patience.toMillis());
    } catch (IOException e) {
      throw new ConnectionException(
          "No Temporal server answers at " + name + ": " + e.getMessage() + ". " + whatToDo, e);
    }
  }

  private static int port(String name, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port < 65_536) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Answered below: the two wrong kinds of port get the same words.
    }
    throw new ConnectionException(
        "The address of the Temporal server "
            + name
            + " should be HOST:PORT, but its port is \""
            + text
            + "\".");
  }

  private static String refusal(String name, Status status, Duration patience, String whatToDo) {
    String found =
        status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          "The Temporal server "
              + name
              + " does not let you in ("
              + found
              + "). Check TEMPORAL_API_KEY, the TEMPORAL_TLS_ variables, or the profile.";
      case DEADLINE_EXCEEDED ->
          "What listens at "
              + name
              + " takes connections and gives no answer within "
              + patience.toSeconds()
              + " s. Check whether the address is a Temporal server's, and TEMPORAL_TLS if it wants"
              + " TLS. "
              + whatToDo;
      default ->
          "What listens at "
              + name
              + " does not answer as a Temporal server ("
              + found
              + "). Check the address, and TEMPORAL_TLS if it wants TLS. "
              + whatToDo;
    };
  }
}
