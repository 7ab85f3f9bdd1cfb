package dev.backout.action.web;

import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answered.
 *
 * @param from the address that answered, after redirects
 * @param headers by lower-case name; several of one name are joined by commas
 * @param text of the body, at most as much of it as was asked for
 * @param latency from the first byte sent to the last one received
 */
public record Answer(
    URI from, int status, Map<String, String> headers, String text, Duration latency) {
  private static final Pattern CHARSET =
      Pattern.compile("charset=\"?([A-Za-z0-9._:-]+)", Pattern.CASE_INSENSITIVE);

  static Answer of(
      URI from, int status, Map<String, String> headers, byte[] body, Duration latency) {
    return new Answer(from, status, headers, new String(body, charset(headers)), latency);
  }

  private static Charset charset(Map<String, String> headers) {
    Matcher named = CHARSET.matcher(headers.getOrDefault("content-type", ""));
    try {
      return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }

  public boolean isRedirect() {
    return status >= 300 && status < 400 && status != 304 && headers.containsKey("location");
  }

  /** Whether the server, or what stands before it, says that it may be better later. */
  public boolean isPassing() {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }
}
