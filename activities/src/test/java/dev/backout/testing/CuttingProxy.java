package dev.backout.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Stands between a client and a server on loopback, and cuts the connection when the client has
 * sent a word: before the server hears of it, or before the client hears what came of it.
 */
public final class CuttingProxy implements Closeable {
  /** What still passes. */
  public enum Cut {
    BEFORE_THE_SERVER_HEARS,
    BEFORE_THE_CLIENT_HEARS
  }

  private final Doorway doorway;
  private final int server;
  private final String word;
  private final Cut cut;
  private volatile boolean cutting;

  private CuttingProxy(int server, String word, Cut cut) throws IOException {
    this.server = server;
    this.word = word;
    this.cut = cut;
    this.doorway = Doorway.open(this::connect);
  }

  /**
   * @param server its port
   * @param word that a client sends in one piece
   */
  public static CuttingProxy to(int server, String word, Cut cut) throws IOException {
    return new CuttingProxy(server, word, cut);
  }

  public int port() {
    return doorway.port();
  }

  private void connect(Socket client) throws IOException {
    Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
    Doorway.start(() -> toServer(client, behind));
    Doorway.start(() -> toClient(client, behind));
  }

  private void toServer(Socket client, Socket behind) throws IOException {
    try (client;
        behind) {
      byte[] piece = new byte[1 << 16];
      for (int read; (read = client.getInputStream().read(piece)) > 0; ) {
        boolean now =
            new String(Arrays.copyOf(piece, read), StandardCharsets.ISO_8859_1).contains(word);
        if (now && cut == Cut.BEFORE_THE_SERVER_HEARS) {
          return;
        }
        cutting |= now;
        behind.getOutputStream().write(piece, 0, read);
      }
    }
  }

  private void toClient(Socket client, Socket behind) throws IOException {
    try (client;
        behind) {
      InputStream answers = behind.getInputStream();
      byte[] piece = new byte[1 << 16];
      for (int read; (read = answers.read(piece)) > 0 && !cutting; ) {
        client.getOutputStream().write(piece, 0, read);
      }
    }
  }

  @Override
  public void close() throws IOException {
    doorway.close();
  }
}
