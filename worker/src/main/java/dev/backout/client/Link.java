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
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Stubs with an event loop of their own, so that a command ends at once when it closes them. */
final class Link implements AutoCloseable {
  /** From connecting to the first byte of a server that may not be one. */
  private static final Duration OF_A_STRANGER = Duration.ofSeconds(2);

  /** For an answer of what is known to talk: its machine, or this one, may be very busy. */
  private static final Duration OF_A_KNOWN_SERVER = Duration.ofSeconds(20);

  /** What a client of HTTP/2 says first, with settings that are empty; the server says its own. */
  private static final byte[] HELLO =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

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
   * @param isKnown whether it is known to be a Temporal server, if only a busy one
   * @throws ConnectionException within 2 s if nothing listens, or if what listens says nothing
   */
  static Link open(
      String name, WorkflowServiceStubsOptions options, boolean isKnown, String whatToDo) {
    // gRPC alone would try for seven seconds and more, and its own start counts where time is
    // short.
    probe(name, options, isKnown, whatToDo);
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
      link.version();
      return link;
    } catch (StatusRuntimeException e) {
      link.close();
      throw new ConnectionException(refusal(name, e.getStatus(), whatToDo), e);
    }
  }

  WorkflowServiceStubs stubs() {
    return stubs;
  }

  /** The server's version; empty where it doesn't say. */
  String version() {
    return stubs
        .blockingStub()
        .withDeadlineAfter(OF_A_KNOWN_SERVER.toNanos(), TimeUnit.NANOSECONDS)
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

  private static void probe(
      String name, WorkflowServiceStubsOptions options, boolean isKnown, String whatToDo) {
    String target = options.getTarget();
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
      socket.connect(resolved, (int) OF_A_STRANGER.toMillis());
      boolean isPlain = options.getSslContext() == null && !options.getEnableHttps();
      if (isPlain && !isKnown) {
        awaitAnything(socket);
      }
    } catch (SocketTimeoutException e) {
      throw new ConnectionException(
          "The Temporal server "
              + name
              + " gives no answer within "
              + OF_A_STRANGER.toSeconds()
              + " s. Check the address, and TEMPORAL_TLS if it wants TLS. "
              + whatToDo,
          e);
    } catch (IOException e) {
      throw new ConnectionException(
          "No Temporal server answers at " + name + ": " + e.getMessage() + ". " + whatToDo, e);
    }
  }

  /** Only silence counts here: for what is wrong with an answer, or its end, gRPC finds words. */
  private static void awaitAnything(Socket socket) throws SocketTimeoutException {
    try {
      socket.setSoTimeout((int) OF_A_STRANGER.toMillis());
      socket.getOutputStream().write(HELLO);
      int unused = socket.getInputStream().read();
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      // It has hung up.
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

  private static String refusal(String name, Status status, String whatToDo) {
    String found =
        status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          "The Temporal server "
              + name
              + " does not let you in ("
              + found
              + "). Check TEMPORAL_API_KEY, the TEMPORAL_TLS_ variables, or the profile.";
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
