package dev.backout.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP server in front of an {@link ObjectStorage} that doesn't know {@code If-None-Match}, as
 * older ones don't: it answers 501. All else goes through as it is, one request on a connection.
 */
public final class UnconditionalStorage implements Closeable {
  private static final Pattern CONDITION = Pattern.compile("(?i)\r\nif-none-match:");
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("(?i)\r\nexpect: *100-continue");
  private static final String BODY =
      "<Error><Code>NotImplemented</Code><Message>A header you provided implies functionality that"
          + " is not implemented</Message></Error>";

  private final Doorway doorway;
  private final int behind;
  private final AtomicInteger refused = new AtomicInteger();

  public UnconditionalStorage(ObjectStorage storage) throws IOException {
    this.behind = storage.endpoint().getPort();
    this.doorway = Doorway.open(client -> Doorway.start(() -> serve(client)));
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + doorway.port());
  }

  /** How many requests with a condition there were. */
  public int refused() {
    return refused.get();
  }

  private void serve(Socket client) throws IOException {
    try (client) {
      String head = head(client.getInputStream());
      if (CONDITION.matcher(head).find()) {
        refuse(client, head);
      } else {
        pass(client, head);
      }
    }
  }

  private static String head(InputStream from) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int next = from.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.write(next);
      text = next == '\n' ? head.toString(StandardCharsets.ISO_8859_1) : "";
    }
    return text;
  }

  private void refuse(Socket client, String head) throws IOException {
    refused.incrementAndGet();
    OutputStream answer = client.getOutputStream();
    if (CONTINUE.matcher(head).find()) {
      answer.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    Matcher length = LENGTH.matcher(head);
    client.getInputStream().skipNBytes(length.find() ? Long.parseLong(length.group(1)) : 0);
    answer.write(
        ("HTTP/1.1 501 Not Implemented\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
                + BODY.length()
                + "\r\n\r\n"
                + BODY)
            .getBytes(StandardCharsets.ISO_8859_1));
    answer.flush();
  }

  private void pass(Socket client, String head) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      String single =
          head.replaceAll("(?i)\r\nconnection:[^\r]*", "")
              .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
      server.getOutputStream().write(single.getBytes(StandardCharsets.ISO_8859_1));
      Doorway.start(() -> client.getInputStream().transferTo(server.getOutputStream()));
      server.getInputStream().transferTo(client.getOutputStream());
    }
  }

  @Override
  public void close() throws IOException {
    doorway.close();
  }
}
