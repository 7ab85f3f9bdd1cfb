package dev.backout.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A port on loopback for what stands between a client and a server. All of it runs in threads that
 * end with the process, and none of them complains when one of the two has gone.
 */
final class Doorway implements Closeable {
  private final ServerSocket listening;

  private Doorway(ServerSocket listening) {
    this.listening = listening;
  }

  /** What one side of a connection is for. */
  interface Work {
    void run() throws IOException;
  }

  /** What is done with a connection. */
  interface Guest {
    void enter(Socket client) throws IOException;
  }

  /** Open from now on, to one guest after the other; who wants them side by side starts threads. */
  static Doorway open(Guest guest) throws IOException {
    Doorway doorway = new Doorway(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()));
    start(() -> doorway.accept(guest));
    return doorway;
  }

  static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of the two has gone, or the test is over.
              }
            },
            "doorway");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(Guest guest) throws IOException {
    while (true) {
      guest.enter(listening.accept());
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
